package guiche

import java.nio.file.Files
import java.nio.file.Path
import java.security.MessageDigest
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.concurrent.thread
import org.junit.jupiter.api.Assertions.assertEquals
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
    fun `memory is flat over a hundred thousand calls`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        val message = counter.desk.sendText(talk, "Oi").outcome.message.id
        // What the machine compiles and its allocators keep comes to an end; what leaks does not. A leak of 100 bytes a call would
        // be 10 MB in every block.
        var (heap, resident) = settled()
        val grown = mutableListOf<Pair<Long, Long>>()
        do {
            repeat(10_000) { round(counter, talk, message) }
            val (heapNow, residentNow) = settled()
            grown += heapNow - heap to residentNow - resident
            heap = heapNow
            resident = residentNow
        } while (grown.last().run { first >= BOUND || second >= BOUND } && grown.size < MOST_BLOCKS)
        println("100,000 calls and again: heap and resident memory grew by $grown bytes")
        assertTrue(grown.last().first < BOUND, "the heap grows: $grown")
        assumeTrue(resident > 0, "LOUD: this system does not say what is resident: only the heap was checked")
        assertTrue(grown.last().second < BOUND, "resident memory grows: $grown")
    }

    @Test
    fun `bytes are what they were while the collector runs`(): Unit = Counter().use { counter ->
        val ended = AtomicBoolean()
        val collector = thread {
            while (!ended.get()) {
                System.gc()
                Thread.sleep(5)
            }
        }
        try {
            // Compiled code lets go of what it needs no more, also while Rust still reads it: so often that it is compiled.
            repeat(2_000) { round ->
                val bytes = ByteArray(1 shl 15) { (it * (round % 50)).toByte() }
                val hash = MessageDigest.getInstance("SHA-256").digest(bytes).joinToString("") { "%02x".format(it) }
                assertEquals(hash, counter.engine.storeMediaBytes(bytes, "planta.bin").sha256.toString())
            }
        } finally {
            ended.set(true)
            collector.join()
        }
    }

    /** The bytes of the heap in use and of resident memory, once the collector and JNA's cleaner have done their work. */
    private fun settled(): Pair<Long, Long> {
        var used = Long.MAX_VALUE
        for (turn in 1..60) {
            System.gc()
            Thread.sleep(250)
            val now = Runtime.getRuntime().run { totalMemory() - freeMemory() }
            if (used - now < MIB / 4) break
            used = now
        }
        val status = Path.of("/proc/self/status")
        val resident = if (Files.exists(status)) {
            Files.readAllLines(status).first { it.startsWith("VmRSS") }.filter { it.isDigit() }.toLong() * 1024
        } else {
            0L
        }
        return Runtime.getRuntime().run { totalMemory() - freeMemory() } to resident
    }

    private companion object {
        const val MIB = 1024 * 1024
        const val BOUND = 6 * MIB
        const val MOST_BLOCKS = 6
    }
}
