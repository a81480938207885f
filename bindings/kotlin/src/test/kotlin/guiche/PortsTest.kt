package guiche

import java.nio.file.Files
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

class PortsTest {
    private val ports = AllPorts()

    /** The ways in which a port's own code goes wrong without saying so first. */
    enum class Undeclared(val throws: () -> Nothing) {
        EXCEPTION({ throw IllegalStateException("a bug") }),
        ERROR({ TODO("not written yet") }),
        STRANGER({ throw ModulesFailure.Transient("of another port") }),
    }

    private fun counter() = Counter(platform = { ports.platform() }, options = ports::plugInto)

    private fun Counter.writes(text: String): AttendanceId {
        val report = engine.ingest(ChannelKind.WHATS_APP, text.toByteArray(), "right")
        return checkNotNull(report.items.single().attendanceId) { report.toString() }
    }

    private fun Counter.opened(): AttendanceId = writes("Oi").also { desk.claim(it) }

    private fun failing(port: String, how: () -> Nothing) {
        ports.misbehave = { if (it == port) how() }
    }

    @Test
    fun `a message goes through the application's own port`(): Unit = counter().use { counter ->
        val talk = counter.opened()
        val queued = counter.desk.sendText(talk, "Olá, ação! 🏠").outcome
        assertEquals(PumpReport(1u, 0u, 0u, 0u, 0u), counter.engine.pump())
        val job = ports.sent.single()
        assertEquals(queued.deliveryId, job.deliveryId)
        assertEquals(Content.Text("Olá, ação! 🏠", false), job.content)
        assertEquals(Address.WaId(Counter.PHONE), job.to)
        assertEquals("wamid.out.1", counter.desk.message(queued.message.id).delivery?.wamid)
    }

    @Test
    fun `a rejection and a declared failure are kept apart`(): Unit = counter().use { counter ->
        val talk = counter.opened()
        val sent = counter.desk.sendText(talk, "Oi").outcome.message.id
        failing("send") { throw PortException.Network("timeout") }
        assertEquals(1u, counter.engine.pump().inDoubt)
        assertTrue(counter.desk.message(sent).delivery?.state is DeliveryState.InDoubt)
    }

    @ParameterizedTest
    @EnumSource
    fun `a send that fails without saying how is in doubt, and never a crash`(how: Undeclared): Unit = counter().use { counter ->
        val talk = counter.opened()
        counter.desk.sendText(talk, "Oi")
        failing("send", how.throws)
        assertEquals(1u, counter.engine.pump().inDoubt)
    }

    @Test
    fun `a declared failure arrives as it was thrown`(): Unit = counter().use { counter ->
        val talk = counter.opened()
        val first = counter.desk.messages(talk).single().message.id
        val limited = PlatformError(80_007, ErrorClass.WAIT, httpStatus = 400u, waitMs = 5_000uL)
        for (failure in listOf(
            PortException.Platform(limited), PortException.Network("timeout"), PortException.Unreadable("json"), PortException.HostNotAllowed(),
        )) {
            failing("markRead") { throw failure }
            val error = thrownBy<GuicheException.Messaging> { counter.desk.markRead(first, typing = false) }
            assertEquals(failure.javaClass, error.failure.javaClass)
            (error.failure as? PortException.Platform)?.let { assertEquals(limited, it.error) }
            (error.failure as? PortException.Network)?.let { assertEquals("timeout", it.reason) }
        }
        ports.misbehave = { }
        counter.desk.markRead(first, typing = true)
        assertEquals(1, ports.marked.size)
    }

    @ParameterizedTest
    @EnumSource
    fun `an undeclared failure arrives as a port that failed, without its text`(how: Undeclared): Unit = counter().use { counter ->
        val talk = counter.opened()
        val first = counter.desk.messages(talk).single().message.id
        failing("markRead", how.throws)
        val marking = thrownBy<GuicheException.Messaging> { counter.desk.markRead(first, typing = false) }
        assertEquals("port_failed", (marking.failure as PortException.Network).reason)
        failing("page", how.throws)
        val listing = thrownBy<GuicheException.Messaging> { counter.engine.syncTemplates(counter.channel) }
        assertEquals("port_failed", (listing.failure as PortException.Network).reason)
    }

    @ParameterizedTest
    @EnumSource
    fun `a decoder that fails proves nobody and loses nothing`(how: Undeclared): Unit = counter().use { counter ->
        assertEquals("signature", thrownBy<GuicheException.Invalid> { counter.engine.ingest(ChannelKind.WHATS_APP, ByteArray(1), "wrong") }.field)
        failing("verify", how.throws)
        thrownBy<GuicheException.Invalid> { counter.writes("Oi") }
        failing("decode", how.throws)
        val report = counter.engine.ingest(ChannelKind.WHATS_APP, "Olá".toByteArray(), "right")
        assertEquals(ItemOutcome.QUARANTINED, report.items.single().outcome)
        assertEquals("Olá", counter.admin.kept().single().raw)
    }

    @Test
    fun `templates come from the application's own source`(): Unit = counter().use { counter ->
        assertEquals("retomada", counter.engine.syncTemplates(counter.channel).added.single().name)
        assertTrue(counter.engine.templates(counter.channel).single().isSendable())
    }

    @Test
    fun `files go through the application's own store and transfer`(): Unit = counter().use { counter ->
        val talk = counter.opened()
        val path = Files.createTempFile("guiche-", ".txt")
        Files.writeString(path, "planta")
        val file = counter.engine.storeMedia(path.toString(), "planta.txt")
        assertEquals(6uL, file.size)
        counter.desk.send(talk, file.content(MediaKind.DOCUMENT, "A planta"))
        assertEquals(1u, counter.engine.pump().accepted)
        assertEquals("planta.txt", ports.uploaded.single().filename)
        val sent = ports.sent.single().content as Content.Media
        assertEquals("media.1", sent.v1.providerId)
    }

    @ParameterizedTest
    @EnumSource
    fun `an upload that fails is tried again later, and a store that fails says so`(how: Undeclared): Unit = counter().use { counter ->
        val talk = counter.opened()
        val file = counter.engine.storeMediaBytes("planta".toByteArray(), "planta.txt")
        counter.desk.send(talk, file.content(MediaKind.DOCUMENT))
        failing("upload", how.throws)
        assertEquals(1u, counter.engine.pump().delayed)
        failing("put", how.throws)
        thrownBy<GuicheException.StoreFailed> { counter.engine.storeMediaBytes(ByteArray(1), "a.txt") }
        failing("put") { throw PortException.TooLarge(5uL) }
        val refused = thrownBy<GuicheException.Refused> { counter.engine.storeMediaBytes(ByteArray(9), "a.txt") }
        assertEquals(5uL, (refused.refusal as Refusal.MediaTooLarge).limit)
    }

    @Test
    fun `modules are asked through the application's own port`(): Unit = counter().use { counter ->
        val talk = counter.opened()
        assertEquals("Apartamento 42", counter.desk.linkedRecords(talk).records.single().title)
        counter.desk.enableTicket(talk)
        val request = TicketRequest(TicketOrigin.NoReference("Maria", "52998224725"), "Vazamento", "Cozinha")
        counter.desk.openTicket(talk, request)
        assertEquals(1u, counter.engine.pumpModules().opened)
        assertEquals("2026-17", (counter.desk.ticket(talk)?.state as TicketState.Opened).protocol)
        assertEquals(request, ports.orders.single().request)
    }

    @Test
    fun `what a module refuses is told in its words`(): Unit = counter().use { counter ->
        val talk = counter.opened()
        counter.desk.enableTicket(talk)
        counter.desk.openTicket(talk, TicketRequest(TicketOrigin.NoReference("Maria", "52998224725"), "Vazamento", "Cozinha"))
        failing("openTicket") { throw ModulesFailure.Refused("no_contract", "Sem contrato") }
        assertEquals(1u, counter.engine.pumpModules().failed)
        val failure = (counter.desk.ticket(talk)?.state as TicketState.Enabled).failure
        assertEquals("no_contract" to "Sem contrato", failure?.code to failure?.words)
    }

    @ParameterizedTest
    @EnumSource
    fun `modules that fail leave their lists empty`(how: Undeclared): Unit = counter().use { counter ->
        val talk = counter.opened()
        failing("records", how.throws)
        val records = counter.desk.linkedRecords(talk)
        assertTrue(records.records.isEmpty())
        assertTrue(records.unavailable != null)
    }

    @ParameterizedTest
    @EnumSource
    fun `a clock, ids and chance that fail are answered for`(how: Undeclared): Unit = counter().use { counter ->
        val talk = counter.opened()
        ports.misbehave = { if (it == "now" || it == "nextId" || it == "fraction") how.throws() }
        val queued = counter.desk.sendText(talk, "Oi").outcome
        assertEquals(MORNING, queued.message.at)
        assertEquals(1u, counter.engine.pump().accepted)
    }

    @Test
    fun `a port and a listener may call back into the engine`(): Unit = counter().use { counter ->
        val talk = counter.opened()
        val heads = mutableListOf<Long>()
        val subscription = counter.engine.onCommit { seq ->
            heads += seq
            check(counter.engine.head() >= seq)
            check(counter.engine.changesSince(seq - 1, 1u).single().seq == seq)
        }
        ports.misbehave = { if (it == "send") counter.desk.writeNote(WriteNote(talk, "indo")) }
        counter.desk.sendText(talk, "Oi")
        assertEquals(1u, counter.engine.pump().accepted)
        assertEquals("indo", counter.desk.notes(talk).single().note.text)
        assertEquals(heads.sorted(), heads)
        assertTrue(heads.size >= 3)
        subscription.close()
        val before = heads.size
        counter.desk.sendText(talk, "Oi de novo")
        assertEquals(before, heads.size)
    }

    @ParameterizedTest
    @EnumSource
    fun `what was committed stands when a listener throws`(how: Undeclared): Unit = counter().use { counter ->
        val talk = counter.opened()
        val calls = java.util.concurrent.atomic.AtomicInteger()
        val subscription = counter.engine.subscribe(object : Listener {
            override fun committed(seq: Long) {
                calls.incrementAndGet()
                how.throws()
            }
        })
        val queued = counter.desk.sendText(talk, "Oi").outcome
        assertEquals(1, calls.get())
        assertEquals("Oi", counter.desk.message(queued.message.id).message.content.text())
        subscription.close()
    }

    @Test
    fun `a port that outlives its engine finds it closed`(): Unit = counter().use { counter ->
        val talk = counter.opened()
        counter.desk.sendText(talk, "Oi")
        var found: Throwable? = null
        ports.misbehave = {
            if (it == "send") {
                counter.engine.shutDown()
                found = runCatching { counter.engine.head() }.exceptionOrNull()
            }
        }
        // The pump that is under way ends as it can.
        runCatching { counter.engine.pump() }.exceptionOrNull()?.let { assertTrue(it is GuicheException.Closed, it.toString()) }
        assertTrue(found is GuicheException.Closed, found.toString())
        assertEquals(1, ports.sent.size)
        // Called by itself it is Kotlin as any other.
        assertNull(ports.modules.findTicket("1"))
    }
}
