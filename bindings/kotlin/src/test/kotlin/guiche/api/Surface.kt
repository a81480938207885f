package guiche.api

import java.io.File
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.KType
import kotlin.reflect.KVisibility
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.reflect.full.declaredMemberProperties
import kotlin.reflect.full.primaryConstructor
import kotlin.reflect.jvm.kotlinFunction

/** What UniFFI needs for itself is public to the compiler, and no part of the surface. */
private val MACHINERY = Regex("FfiConverter|Uniffi|uniffi|RustBuffer|ForeignBytes|NoHandle|JavaLangRef|AndroidSystem|Disposable|ErrorHandler|Impl$|DefaultImpls")

/** What every record, object or enum has. */
private val EVERYWHERE = Regex("component\\d+|copy|equals|hashCode|toString|destroy|close|entries|compareTo|valueOf|values|uniffi.*")

/** Prints the public surface of Kotlin, read from the compiled classes in the folder that is given, sorted by name. */
fun main(arguments: Array<String>) {
    val folder = File(arguments.single(), "guiche")
    val classes = folder.walk().filter { it.extension == "class" }.map { "guiche." + it.nameWithoutExtension }
        .filter { !MACHINERY.containsMatchIn(it) }.sorted().map { Class.forName(it) }.filter { !it.isAnonymousClass && !it.isSynthetic }
    val facades = classes.filter { it.simpleName.endsWith("Kt") }.toList()
    facades.flatMap { it.declaredMethods.toList() }.mapNotNull { it.kotlinFunction }
        .filter { it.visibility == KVisibility.PUBLIC && !MACHINERY.containsMatchIn(it.name) }
        .map { signature(it) }.sorted().forEach { println(it) }
    classes.filter { it !in facades }.map { it.kotlin }.filter { it.visibility == KVisibility.PUBLIC && !it.isCompanion }
        .filter { it.qualifiedName?.let { name -> !MACHINERY.containsMatchIn(name) } == true }.forEach { println("\n" + whole(it)) }
}

private fun whole(kind: KClass<*>): String {
    val lines = mutableListOf(heading(kind))
    if (kind.java.isEnum) lines += kind.java.enumConstants.joinToString(", ", "    ")
    val fields = kind.primaryConstructor?.parameters.orEmpty().mapNotNull { it.name }.toSet()
    val properties = kind.declaredMemberProperties.filter { shown(it.name, it.visibility) && it.name !in fields }
    lines += properties.map { "    val ${it.name}: ${named(it.returnType)}" }.sorted()
    val functions = kind.declaredMemberFunctions.filter { shown(it.name, it.visibility) }
    lines += functions.map { "    " + signature(it) }.sorted()
    val companion = kind.nestedClasses.firstOrNull { it.isCompanion }
    lines += companion?.declaredMemberFunctions.orEmpty().filter { shown(it.name, it.visibility) && it.name !in setOf("lift", "lower") }
        .map { "    companion " + signature(it) }.sorted()
    return lines.joinToString("\n")
}

private fun shown(name: String, visibility: KVisibility?) = visibility == KVisibility.PUBLIC && !EVERYWHERE.matches(name)

private fun heading(kind: KClass<*>): String {
    val word = when {
        kind.java.isInterface -> if (kind.isSealed) "sealed interface" else "interface"
        kind.java.isEnum -> "enum class"
        kind.objectInstance != null -> "object"
        kind.isData -> "data class"
        kind.isValue -> "value class"
        kind.isSealed -> "sealed class"
        else -> "class"
    }
    val takes = kind.constructors.filter { made ->
        made.visibility == KVisibility.PUBLIC && made.parameters.none { MACHINERY.containsMatchIn(it.type.toString()) }
    }.takeIf { !kind.java.isEnum && kind.objectInstance == null }.orEmpty().joinToString(" / ") { parameters(it.parameters) }
    val supers = kind.supertypes.map { named(it) }.filter { it !in setOf("Any", "AutoCloseable", "java.lang.AutoCloseable") && !MACHINERY.containsMatchIn(it) }
    val name = checkNotNull(kind.qualifiedName).removePrefix("guiche.")
    return "$word $name$takes" + if (supers.isEmpty() || kind.java.isEnum) "" else " : ${supers.sorted().joinToString()}"
}

private fun signature(of: KFunction<*>): String {
    val receiver = of.parameters.firstOrNull { it.kind == KParameter.Kind.EXTENSION_RECEIVER }?.let { named(it.type) + "." }.orEmpty()
    val returns = named(of.returnType).let { if (it == "Unit") "" else ": $it" }
    return "fun $receiver${of.name}${parameters(of.parameters.filter { it.kind == KParameter.Kind.VALUE })}$returns"
}

/** Names are part of the surface: callers write them. What has a default may be left out. */
private fun parameters(of: List<KParameter>): String =
    of.joinToString(", ", "(", ")") { "${it.name}: ${named(it.type)}${if (it.isOptional) " = …" else ""}" }

private fun named(type: KType): String = type.toString().replace(Regex(" /\\* = [^*]*\\*/"), "")
    .replace(Regex("\\b(guiche|kotlin\\.collections|kotlin\\.sequences|kotlin)\\."), "")
