package guiche

import java.lang.reflect.InvocationTargetException
import kotlin.random.Random
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class RandomTest {
    @Test
    fun `ten thousand calls by chance answer or refuse, and none crashes`() {
        val seed = System.getProperty("guiche.seed")?.toLong() ?: 20_261_123L
        val random = Random(seed)
        Counter().use { counter ->
            val talk = counter.talk()
            val sent = counter.desk.sendText(talk, "Oi").outcome
            val tag = counter.admin.createTag("VIP").outcome.id.raw
            val known = listOf(talk.raw, counter.maria.raw, counter.channel.raw, counter.department.raw, counter.ana.id.raw)
            val calls = RandomCalls(random, known + sent.message.id.raw + tag)
            // What ends or renames the world is called elsewhere.
            val doors = listOf(
                counter.desk to calls.methods(DeskInterface::class),
                counter.office to calls.methods(DeskInterface::class),
                counter.admin to calls.methods(AdminInterface::class, setOf("erase")),
                counter.engine to calls.methods(EngineInterface::class, setOf("shutDown", "refuseThisThread")),
            )
            var (answered, refused) = 0 to 0
            val codes = sortedSetOf<String>()
            repeat(10_000) { number ->
                val (door, methods) = doors[random.nextInt(doors.size)]
                val method = methods[random.nextInt(methods.size)]
                val arguments = calls.arguments(method)
                try {
                    (method.call(door, *arguments.toTypedArray()) as? AutoCloseable)?.close()
                    answered += 1
                } catch (thrown: InvocationTargetException) {
                    val error = thrown.targetException
                    check(error is GuicheException) {
                        "seed $seed, call $number: ${method.name}(${arguments.joinToString().take(2_000)}) threw $error"
                    }
                    codes += error.code()
                    refused += 1
                }
            }
            assertEquals(10_000, answered + refused)
            assertTrue(answered > 500 && codes.size > 15, "$answered answered, refused with $codes")
            assertEquals(talk, counter.desk.attendance(talk).attendance.id)
        }
    }
}
