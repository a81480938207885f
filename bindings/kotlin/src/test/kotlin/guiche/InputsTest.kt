package guiche

import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class InputsTest {
    @Test
    fun `text of every script comes back as it went`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        for (text in listOf("ação", "日本語", "مرحبا", "👩‍👩‍👧‍👦", "e\u0301", "\uFEFFx", "a\u0000b", "a\u2028b", "𝔘")) {
            val id = counter.desk.sendText(talk, text).outcome.message.id
            assertEquals(text, counter.desk.message(id).message.content.text())
        }
    }

    @Test
    fun `an empty text is refused, and an empty list and a file of nothing are answered`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        assertEquals("blank", thrownBy<GuicheException.Invalid> { counter.desk.sendText(talk, "") }.code())
        thrownBy<GuicheException> { counter.desk.sendGalleryItems(talk, listOf()) }
        thrownBy<GuicheException> { counter.desk.changeTags(talk) }
        val report = runCatching { counter.engine.storeMediaBytes(ByteArray(0), "") }
        assertTrue(report.isSuccess || report.exceptionOrNull() is GuicheException)
        thrownBy<GuicheException.Invalid> { counter.engine.ingest(ChannelKind.WHATS_APP, ByteArray(0), "") }
    }

    @Test
    fun `many deliveries at once have an outcome each`(): Unit = Counter().use { counter ->
        val webhooks = listOf(counter.delivery("Oi"), Webhook(ByteArray(2), "wrong"), counter.delivery("Oi"), counter.delivery("Bom dia"))
        val outcomes = counter.engine.ingestMany(ChannelKind.WHATS_APP, webhooks)
        val refused = outcomes[1] as IngestOutcome.NotTaken
        assertEquals("signature", (refused.error as GuicheException.Invalid).field)
        val taken = outcomes.filterIsInstance<IngestOutcome.Taken>().map { it.report.items.single() }
        assertEquals(listOf(ItemOutcome.STORED, ItemOutcome.DUPLICATE, ItemOutcome.STORED), taken.map { it.outcome })
        assertEquals(2, counter.desk.messages(checkNotNull(taken.first().attendanceId)).size)
        assertEquals(listOf<IngestOutcome>(), counter.engine.ingestMany(ChannelKind.WHATS_APP, listOf()))
    }

    @Test
    fun `half of a surrogate pair is no text`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        // Strings that are no Unicode are refused by the border itself, before the engine is asked.
        thrownBy<java.nio.charset.CharacterCodingException> { counter.desk.sendText(talk, "\uD83D") }
        assertEquals(1, counter.desk.messages(talk).size)
    }

    @Test
    fun `megabytes go in and are refused by rule, or come out whole`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        val huge = "ã".repeat(4 * 1024 * 1024)
        val refused = thrownBy<GuicheException.Refused> { counter.desk.sendText(talk, huge) }
        assertEquals(huge.length.toUInt(), (refused.refusal as Refusal.TextTooLong).actual)
        val bytes = ByteArray(8 * 1024 * 1024) { (it * 31).toByte() }
        val file = counter.engine.storeMediaBytes(bytes, "planta.bin")
        assertEquals(bytes.size.toULong(), file.size)
        val many = List(20_000) { ContactRow(name = "Pessoa $it", phone = "não é") }
        val import = runCatching { counter.admin.importContacts(ImportContacts(counter.channel, many, rehearsal = true)) }
        import.onSuccess { assertEquals(many.size, it.outcome.rows.size) }
        import.onFailure { assertTrue(it is GuicheException, it.toString()) }
    }

    @Test
    fun `a file of megabytes is read back byte for byte`() {
        val ports = AllPorts()
        Counter(platform = { ports.platform() }, options = ports::plugInto).use { counter ->
            val talk = counter.engine.ingest(ChannelKind.WHATS_APP, "Oi".toByteArray(), "right").items.single().attendanceId!!
            counter.desk.claim(talk)
            val bytes = ("planta\n".repeat(500_000)).toByteArray()
            val file = counter.engine.storeMediaBytes(bytes, "planta.txt")
            val sent = counter.desk.send(talk, file.content(MediaKind.DOCUMENT)).outcome.message.id
            assertArrayEquals(bytes, counter.desk.readMessageFile(sent, bytes.size.toULong()))
            thrownBy<GuicheException.Refused> { counter.desk.readMessageFile(sent, bytes.size.toULong() - 1uL) }
        }
    }

    @Test
    fun `the ends of the number range are answered`(): Unit = Counter().use { counter ->
        for (raw in listOf(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE)) {
            thrownBy<GuicheException.NotFound> { counter.desk.contact(Id(raw)) }
            counter.engine.changesSince(raw, UInt.MAX_VALUE)
        }
        assertTrue(counter.engine.changesSince(0, 0u).isEmpty())
    }
}
