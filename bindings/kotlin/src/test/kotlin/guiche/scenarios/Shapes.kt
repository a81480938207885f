package guiche.scenarios

import guiche.AnyValue
import guiche.Engine
import guiche.Fit
import guiche.KeptElement
import guiche.Locale
import guiche.MediaFile
import guiche.Parked
import guiche.fitAdvice
import guiche.toJson
import java.io.RandomAccessFile
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.nio.file.Files
import java.time.Instant
import java.util.Base64
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** What a call came to: the outcome as JSON, and whether the request had been carried out before. */
internal class Outcome(val json: String, val repeated: Boolean? = null)

internal fun flag(json: JsonElement): Boolean = json.jsonPrimitive.boolean

internal fun count(json: JsonElement): UInt = json.jsonPrimitive.content.toUInt()

internal fun size(json: JsonElement): ULong = json.jsonPrimitive.content.toULong()

internal fun number(json: JsonElement): Long = json.jsonPrimitive.content.toLong()

internal fun text(json: JsonElement): String {
    require(json is JsonPrimitive && json.isString) { "a text was expected" }
    return json.content
}

internal fun instant(json: JsonElement): Instant = Instant.ofEpochMilli(number(json))

/** Ids are text, so that no reader of JSON rounds them. */
internal fun id(json: JsonElement): Long = text(json).toLong()

internal fun <T : Any> maybe(json: JsonElement, read: (JsonElement) -> T): T? = if (json is JsonNull) null else read(json)

internal fun list(json: JsonElement): List<JsonElement> = json.jsonArray

internal fun quoted(text: String): String = JsonPrimitive(text).toString()

internal fun quoted(number: Long): String = "\"$number\""

internal fun milliseconds(at: Instant): String = at.toEpochMilli().toString()

internal fun joined(items: List<String>): String = items.joinToString(",", "[", "]")

/** A JSON object with one more field. */
internal fun String.with(name: String, value: String): String =
    JsonObject(Json.parseToJsonElement(this).jsonObject + (name to Json.parseToJsonElement(value))).toString()

/** A fit with what it advises. */
internal fun fit(fit: Fit): Outcome {
    val advice = "{\"pt-BR\":${quoted(fitAdvice(fit, Locale.PT_BR))},\"en\":${quoted(fitAdvice(fit, Locale.EN))}}"
    return Outcome(toJson(AnyValue.OfFit(fit)).with("advice", advice))
}

/** A row that was kept aside. */
internal fun kept(element: KeptElement): String =
    "{\"id\":${quoted(element.id.raw)},\"reason\":${quoted(element.reason)},\"quarantined\":${element.quarantined}," +
        "\"path\":${quoted(element.path)},\"raw\":${quoted(element.raw)},\"at\":${milliseconds(element.at)}}"

/** A fact that waits for its message, with its key's fields beside it. */
internal fun parked(parked: Parked): String {
    val whole = Json.parseToJsonElement(toJson(AnyValue.OfParked(parked))).jsonObject
    val key = whole.getValue("key").jsonObject
    return JsonObject(
        mapOf("channel_id" to key.getValue("channel_id"), "target" to key.getValue("target")) + (whole - "key"),
    ).toString()
}

/** Bytes as text, if they are UTF-8. */
internal fun utf8(bytes: ByteArray): String? = try {
    Charsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()
} catch (_: CharacterCodingException) {
    null
}

/** Stores a file that begins with some bytes and is zeros up to its size. */
internal fun stored(engine: Engine, file: JsonElement, filename: String): MediaFile {
    val bytes = Base64.getDecoder().decode(text(file.jsonObject.getValue("base64")))
    val size = number(file.jsonObject.getValue("size"))
    val path = Files.createTempFile("guiche-scenario-", null)
    try {
        RandomAccessFile(path.toFile(), "rw").use { whole ->
            whole.write(bytes)
            whole.setLength(size)
        }
        return engine.storeMedia(path.toString(), filename)
    } finally {
        Files.delete(path)
    }
}
