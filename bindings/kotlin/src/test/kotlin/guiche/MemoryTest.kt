package guiche

import java.nio.file.Files
import java.nio.file.Path
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test

class MemoryTest {
    /** What one round of calls leaves behind, over and over, is what this looks for. */
    private fun round(counter: Counter, talk: AttendanceId, message: MessageId) {
        counter.desk.message(message)
        counter.desk.messages(talk, limit = 5u)
        counter.engine.head()
        counter.engine.backOffice().use { it.attendantId() }
        runCatching { counter.desk.contact(Id(7)) }
        runCatching { counter.engine.ingest(ChannelKind.WHATS_APP, ByteArray(1_000), "wrong") }
        counter.engine.onCommit { }.close()
        GuicheException.NotFound(Entity.NOTE, "7").explain(Locale.EN)
        positionalParameters(listOf("Maria", "amanhã"))
        counter.engine.nextWakeup()
    }

    @Test
    fun `memory is flat over a hundred thousand calls`() = Counter().use { counter ->
        val talk = counter.talk()
        val message = counter.desk.sendText(talk, "Oi").outcome.message.id
        repeat(2_000) { round(counter, talk, message) }
        val (heapBefore, residentBefore) = settled()
        repeat(10_000) { round(counter, talk, message) }
        val (heapAfter, residentAfter) = settled()
        // A leak of 100 bytes a call would be 10 MB.
        assertTrue(heapAfter - heapBefore < 8 * MIB, "the heap grew from $heapBefore to $heapAfter bytes")
        assumeTrue(residentBefore > 0, "LOUD: this system does not say what is resident: only the heap was checked")
        assertTrue(residentAfter - residentBefore < 48 * MIB, "resident memory grew from $residentBefore to $residentAfter bytes")
    }

    /** The bytes of the heap in use and of resident memory, once the collector has done its work. */
    private fun settled(): Pair<Long, Long> {
        repeat(3) {
            System.gc()
            Thread.sleep(100)
        }
        val runtime = Runtime.getRuntime()
        val status = Path.of("/proc/self/status")
        val resident = if (Files.exists(status)) {
            Files.readAllLines(status).first { it.startsWith("VmRSS") }.filter { it.isDigit() }.toLong() * 1024
        } else {
            0L
        }
        return runtime.totalMemory() - runtime.freeMemory() to resident
    }

    private companion object {
        const val MIB = 1024 * 1024
    }
}
