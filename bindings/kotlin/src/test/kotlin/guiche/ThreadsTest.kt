package guiche

import java.nio.file.Path
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class ThreadsTest {
    @Test
    fun `many threads write, read and listen at once, and nothing is lost`(@TempDir folder: Path) {
        val options = StoreOptions(durability = StoreDurability.NORMAL, busyTimeoutMs = 60_000u)
        Counter(Store.sqlite(folder.resolve("counter.db").toString(), options)).use { counter ->
            val talk = counter.talk()
            val heard = java.util.concurrent.ConcurrentSkipListSet<Long>()
            val subscription = counter.engine.onCommit { heard += it }
            val before = counter.engine.head()
            val pool = Executors.newFixedThreadPool(16)
            val done = (1..16).map { number ->
                pool.submit(Callable {
                    repeat(10) { round ->
                        counter.desk.sendText(talk, "mensagem $number.$round", requestId = "$number.$round")
                        counter.desk.messages(talk, limit = 5u)
                        if (round % 5 == 0) counter.engine.pump(3u)
                    }
                })
            }
            done.forEach { it.get(120, TimeUnit.SECONDS) }
            pool.shutdown()
            counter.engine.pump(500u)
            val texts = counter.desk.allMessages(talk).map { it.message.content.text() }.filter { it.startsWith("mensagem") }.toList()
            assertEquals(160, texts.size)
            assertEquals(160, texts.toSet().size)
            assertEquals(counter.engine.allChanges(before).map { it.seq }.last(), heard.last())
            subscription.close()
        }
    }

    @Test
    fun `a thread that the app refuses is told so, and only that one`(): Unit = Counter().use { counter ->
        val subscription = counter.engine.onCommit { }
        counter.engine.refuseThisThread()
        val error = thrownBy<GuicheException.Foreign> { counter.engine.head() }
        assertEquals("foreign", error.code())
        assertEquals(Retry.AFTER_FIX, error.retry())
        thrownBy<GuicheException.Foreign> { counter.desk.markers() }
        thrownBy<GuicheException.Foreign> { counter.admin.createTag("VIP") }
        var head = 0L
        thread { head = counter.engine.head() }.join()
        assertTrue(head > 0)
        // What is brief is done all the same.
        subscription.close()
    }
}
