package guiche

import java.lang.ref.WeakReference
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class LifeTest {
    @Test
    fun `after shutDown every door answers closed`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        val subscription = counter.engine.onCommit { }
        counter.engine.shutDown()
        counter.engine.shutDown()
        thrownBy<GuicheException.Closed> { counter.engine.head() }
        thrownBy<GuicheException.Closed> { counter.engine.backOffice() }
        thrownBy<GuicheException.Closed> { counter.engine.desk(counter.ana.id) }
        thrownBy<GuicheException.Closed> { counter.engine.onCommit { } }
        thrownBy<GuicheException.Closed> { counter.desk.sendText(talk, "Oi") }
        thrownBy<GuicheException.Closed> { counter.admin.createTag("VIP") }
        thrownBy<GuicheException.Closed> { counter.engine.admin().use { it.createTag("VIP") } }
        thrownBy<GuicheException.Closed> { counter.engine.ingest(ChannelKind.WHATS_APP, ByteArray(2), null) }
        subscription.cancel()
        subscription.close()
    }

    @Test
    fun `an object that was let go is refused without a crash, and letting go again is harmless`() {
        val counter = Counter()
        counter.close()
        counter.close()
        listOf<() -> Unit>(
            { counter.engine.head() },
            { counter.engine.shutDown() },
            { counter.desk.markers() },
            { counter.admin.createTag("VIP") },
            { counter.port.takeSent() },
            { counter.clock.time() },
        ).forEach { call -> thrownBy<IllegalStateException>(call) }
    }

    @Test
    fun `a desk works on when the engine object was let go, for they share it`() {
        val counter = Counter()
        val talk = counter.talk()
        counter.engine.close()
        assertEquals(talk, counter.desk.attendance(talk).attendance.id)
    }

    @Test
    fun `the store outlives the object that named it`() {
        val store = Store.memory()
        val counter = Counter(store)
        store.close()
        assertTrue(counter.engine.head() > 0)
        counter.close()
    }

    @Test
    fun `shutDown while others call ends with their answer or closed`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        val started = CountDownLatch(8)
        val wrong = java.util.concurrent.ConcurrentLinkedQueue<Throwable>()
        val callers = List(8) {
            thread {
                started.countDown()
                try {
                    while (true) counter.desk.messages(talk)
                } catch (_: GuicheException.Closed) {
                    // As it should be.
                } catch (other: Throwable) {
                    wrong += other
                }
            }
        }
        started.await(10, TimeUnit.SECONDS)
        counter.engine.shutDown()
        callers.forEach { it.join(30_000) }
        assertTrue(callers.none { it.isAlive })
        assertTrue(wrong.isEmpty(), wrong.toString())
    }

    @Test
    fun `a port and a listener are let go by shutDown, while the engine object still lives`() {
        var ports: AllPorts? = AllPorts()
        var listener: Listener? = Counting()
        val counter = Counter(platform = { ports!!.platform() }, options = ports!!::plugInto)
        val subscription = counter.engine.subscribe(listener!!)
        val kept = (ports.everything() + listener).map { WeakReference(it) }
        // What the options held are Kotlin's own references.
        ports = null
        listener = null
        System.gc()
        assertTrue(kept.all { it.get() != null }, "the engine holds what was plugged in")
        counter.engine.shutDown()
        val deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20)
        while (kept.any { it.get() != null } && System.nanoTime() < deadline) {
            System.gc()
            Thread.sleep(20)
        }
        kept.forEach { assertNull(it.get()) }
        subscription.close()
        counter.close()
    }

    private class Counting : Listener {
        override fun committed(seq: Long) = Unit
    }
}
