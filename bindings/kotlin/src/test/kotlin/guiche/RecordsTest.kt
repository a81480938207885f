package guiche

import java.time.Instant
import java.time.temporal.ChronoUnit
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Test

class RecordsTest {
    @Test
    fun `records are equal by value, in every field`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        val (one, two) = List(2) { counter.desk.attendance(talk) }
        assertEquals(one, two)
        assertEquals(one.hashCode(), two.hashCode())
        assertNotEquals(one, two.copy(contact = two.contact.copy(email = "maria@example.com")))
        assertEquals(setOf(Refusal.TextTooLong(1u, 2u)), setOf(Refusal.TextTooLong(1u, 2u), Refusal.TextTooLong(1u, 2u)))
    }

    @Test
    fun `ids of different things are of different types, and compare by their age`(): Unit = Counter().use { counter ->
        val first: Id<OfTag> = counter.admin.createTag("Um").outcome.id
        val second: Id<OfTag> = counter.admin.createTag("Dois").outcome.id
        assertEquals(listOf(first, second), listOf(second, first).sorted())
        assertEquals(first, Id<OfTag>(first.raw))
    }

    @Test
    fun `what is written as JSON comes back equal`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        counter.desk.sendText(talk, "ação\u0000")
        for (value in listOf(
            AnyValue.OfSetup(counter.engine.setup()),
            AnyValue.OfAttendanceView(counter.desk.attendance(talk)),
            AnyValue.OfInboxPage(counter.desk.inbox(InboxFilter(days = Days.Any, counts = true))),
            AnyValue.OfOverview(counter.desk.overview(talk)),
        )) {
            assertEquals(value, fromJson(value.javaClass.simpleName.removePrefix("Of"), toJson(value)))
        }
        assertEquals("wrong_kind", thrownBy<GuicheException.Invalid> { fromJson("Nothing", "{}") }.code())
        assertEquals("malformed", thrownBy<GuicheException.Invalid> { fromJson("Tag", "[") }.code())
    }

    @Test
    fun `instants keep their milliseconds and days their calendar`() {
        for (at in listOf(Instant.EPOCH, Instant.parse("1900-01-01T00:00:00.001Z"), Instant.parse("2100-12-31T23:59:59.999Z"))) {
            ManualClock(at).use { assertEquals(at, it.time()) }
        }
        ManualClock(Instant.EPOCH.plusNanos(1_999_999)).use { assertEquals(Instant.EPOCH.plus(1, ChronoUnit.MILLIS), it.time()) }
    }

    @Test
    fun `what is left out is the engine's default`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        assertEquals(InboxFilter(limit = null), InboxFilter())
        assertEquals(talk, counter.desk.inbox(InboxFilter()).cards.single().id)
        assertFalse(TranscriptOptions().attendantNames)
        assertEquals(true, counter.desk.transcript(talk, TranscriptOptions()).plain().contains("Oi"))
    }

    @Test
    fun `sequences go through every page`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        repeat(23) { counter.desk.sendText(talk, "mensagem $it") }
        repeat(7) { counter.desk.writeNote(WriteNote(talk, "nota $it")) }
        assertEquals(24, counter.desk.allMessages(talk, page = 5u).distinct().count())
        assertEquals(counter.desk.messages(talk, limit = 500u), counter.desk.allMessages(talk, page = 6u).toList())
        assertEquals(7, counter.desk.allNotes(talk, page = 3u).count())
        assertEquals(counter.desk.timeline(talk, limit = 500u), counter.desk.wholeTimeline(talk, page = 4u).toList())
        assertEquals((1..counter.engine.head()).toList(), counter.engine.allChanges(0, page = 9u).map { it.seq }.toList())
        assertEquals(counter.engine.head(), counter.desk.allChanges(0, page = 9u).last().next)
        assertEquals(1, counter.desk.allCards(InboxFilter(days = Days.Any, limit = 1u)).count())
        assertEquals(24, counter.engine.allMessageRows(ExportFilter(ExportVariant.FULL), page = 7u).count())
        assertEquals(25, counter.engine.allMessageRows(ExportFilter(ExportVariant.FULL)).toList().csv().trim().lines().size)
        assertEquals(0, counter.desk.allFound(SearchFilter("nada disto")).count())
    }
}
