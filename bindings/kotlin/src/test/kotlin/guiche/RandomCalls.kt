package guiche

import java.time.Duration
import java.time.Instant
import java.time.LocalDate
import kotlin.random.Random
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KType
import kotlin.reflect.full.declaredMemberFunctions
import kotlin.reflect.full.primaryConstructor
import kotlin.reflect.jvm.isAccessible

/**
 * Arguments by chance for any method of the API, read from its signature: whatever its types can say, with a liking for the
 * ends of ranges and for [ids] that exist.
 */
class RandomCalls(private val random: Random, private val ids: List<Long>) {
    /** The methods of a door, but for those named. */
    fun methods(of: KClass<*>, except: Set<String> = setOf()): List<KFunction<*>> =
        of.declaredMemberFunctions.filter { it.name !in except }.sortedBy { it.name }

    /** Arguments for a method, without the object that it is called on. */
    fun arguments(of: KFunction<*>): List<Any?> = of.parameters.drop(1).map { value(it.type, 0) }

    private fun value(type: KType, depth: Int): Any? {
        if (type.isMarkedNullable && (depth > 2 || random.nextInt(3) == 0)) return null
        val many = if (depth > 2) 0 else random.nextInt(4)
        fun inner(at: Int) = value(checkNotNull(type.arguments[at].type), depth + 1)
        return when (val kind = type.classifier as KClass<*>) {
            List::class -> List(many) { inner(0) }
            Set::class -> List(many) { inner(0) }.toSet()
            Map::class -> List(many) { inner(0) to inner(1) }.toMap()
            Boolean::class -> random.nextBoolean()
            Int::class -> number().toInt()
            Long::class -> if (random.nextBoolean()) id() else number()
            UInt::class -> number().toUInt()
            UShort::class -> number().toUShort()
            ULong::class -> number().toULong()
            Double::class -> DOUBLES.random(random)
            Id::class -> Id<OfContact>(id())
            String::class -> TEXTS.random(random)
            ByteArray::class -> random.nextBytes(random.nextInt(64))
            Instant::class -> INSTANTS.random(random)
            Duration::class -> DURATIONS.random(random)
            LocalDate::class -> DAYS.random(random)
            Listener::class -> object : Listener {
                override fun committed(seq: Long) = Unit
            }
            SyncProgress::class -> object : SyncProgress {
                override fun pageRead(progress: SyncPage) = random.nextBoolean()
            }
            else -> made(kind, depth)
        }
    }

    private fun made(kind: KClass<*>, depth: Int): Any = when {
        kind.java.isEnum -> kind.java.enumConstants.random(random) as Any
        kind.isSealed -> made(kind.sealedSubclasses.random(random), depth)
        else -> kind.objectInstance ?: checkNotNull(kind.primaryConstructor) { "no way to make a $kind" }.run {
            isAccessible = true
            call(*parameters.map { value(it.type, depth + 1) }.toTypedArray())
        }
    }

    private fun number(): Long = NUMBERS.random(random)

    private fun id(): Long = if (random.nextInt(4) > 0) ids.random(random) else number()

    private companion object {
        val NUMBERS = listOf(0L, 1L, 2L, 50L, 500L, -1L, Int.MAX_VALUE.toLong(), UInt.MAX_VALUE.toLong(), Long.MAX_VALUE, Long.MIN_VALUE)
        val DOUBLES = listOf(0.0, -23.5, 91.0, 1e300, Double.NaN, Double.NEGATIVE_INFINITY)
        val TEXTS = listOf(
            "", " ", "Maria", "ação 🏠", "a\u0000b", "x".repeat(5_000), "5511987654321", "../../etc/passwd", "'; DROP TABLE contact; --", "{{1}}",
            "\u202E", "https://example.com", "text/plain", "America/Sao_Paulo", "-03:00", "2026-11-23", "0".repeat(64), "queued", "admin",
        )
        val INSTANTS = listOf(
            Instant.EPOCH, MORNING, MORNING.plusSeconds(86_400), Instant.parse("0001-01-01T00:00:00Z"), Instant.parse("9999-12-31T23:59:59Z"),
            Instant.ofEpochMilli(Long.MAX_VALUE), Instant.ofEpochMilli(Long.MIN_VALUE),
        )
        val DURATIONS = listOf(Duration.ZERO, Duration.ofMillis(1), Duration.ofHours(24), Duration.ofDays(36_500), Duration.ofSeconds(Long.MAX_VALUE))
        val DAYS = listOf(LocalDate.of(1, 1, 1), LocalDate.of(2026, 11, 23), LocalDate.of(9999, 12, 31))
    }
}
