package guiche

import java.nio.file.Files
import java.nio.file.Path
import java.time.Instant
import java.time.ZoneId
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

class ErrorsTest {
    @Test
    fun `a refusal has its data`(): Unit = Counter().use { counter ->
        val talk = counter.desk.createAttendance(CreateAttendance(counter.maria, counter.channel)).outcome.attendance.id
        val error = thrownBy<GuicheException.Refused> { counter.desk.sendText(talk, "Oi") }
        assertEquals(Refusal.WindowNeverOpened(0u), error.refusal)
        assertEquals("window_never_opened", error.code())
        assertEquals(Retry.LATER, error.retry())
        assertTrue("respondeu" in error.explain(Locale.PT_BR))
        assertTrue("replied" in error.explain(Locale.EN))
    }

    @Test
    fun `times in a sentence are of the reader's clock`() {
        val error = GuicheException.Refused(Refusal.WindowClosed(Instant.parse("2026-11-24T17:32:00Z"), 3u))
        assertTrue("17:32" in error.explain(Locale.PT_BR, ZoneId.of("UTC")))
        assertTrue("14:32" in error.explain(Locale.PT_BR, ZoneId.of("-03:00")))
    }

    @Test
    fun `times in a sentence are of the reader's clock as it stood then`() {
        // In New York summer time ended on 1 November 2026.
        val zone = ZoneId.of("America/New_York")
        listOf("2026-10-24T17:32:00Z" to "13:32", "2026-11-24T17:32:00Z" to "12:32").forEach { (since, hour) ->
            val error = GuicheException.Refused(Refusal.WindowClosed(Instant.parse(since), 3u))
            assertEquals(Instant.parse(since), error.instant())
            assertTrue(hour in error.explain(Locale.PT_BR, zone), error.explain(Locale.PT_BR, zone))
        }
        assertEquals(null, GuicheException.Busy().instant())
        assertEquals(GuicheException.Busy().explain(Locale.EN, 0), GuicheException.Busy().explain(Locale.EN, zone))
    }

    @Test
    fun `why a message failed is told as it stands`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        counter.clock.set(counter.clock.time().plusSeconds(60))
        counter.desk.sendText(talk, "Bom dia")
        fun delivery() = checkNotNull(counter.desk.messages(talk, limit = 1u).first().delivery)
        assertEquals(null, delivery().advice())
        counter.port.tell("[" + List(50) { """{"send":{"answer":"rejected","code":2,"class":"retry"}}""" }.joinToString() + "]")
        assertEquals(1u, counter.engine.pump().delayed)
        assertEquals("O WhatsApp está indisponível. Tentando de novo.", delivery().advice())
        assertEquals("WhatsApp is unavailable. Retrying.", delivery().advice(Locale.EN))
        repeat(50) {
            counter.clock.set(counter.clock.time().plusSeconds(900))
            counter.engine.pump()
        }
        assertEquals(DeliveryState.Settled(Progress.FAILED), delivery().state)
        assertEquals("O WhatsApp estava indisponível e não foi possível enviar. Envie de novo.", delivery().advice())
        assertEquals(delivery().advice(Locale.EN), delivery().lastError?.advice(Locale.EN))
    }

    @Test
    fun `a held message and a code have their sentences`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        counter.clock.set(counter.clock.time().plusSeconds(60))
        counter.desk.sendText(talk, "Bom dia")
        counter.clock.set(counter.clock.time().plusSeconds(2 * 86_400))
        assertEquals(1u, counter.engine.pump().held)
        val held = checkNotNull(counter.desk.messages(talk, limit = 1u).first().delivery)
        assertEquals((held.state as DeliveryState.Held).reason.explain(Locale.EN), held.advice(Locale.EN))
        val sentences = HeldReason.entries.flatMap { listOf(it.explain(), it.explain(Locale.EN)) }
        assertEquals(sentences.size, sentences.toSet().size)
        assertEquals("A conexão com o WhatsApp expirou. O administrador precisa reconectar.", platformAdvice(190, Locale.PT_BR))
        assertEquals("Could not send.", PlatformError(77_777, ErrorClass.PERMANENT, httpStatus = 400u).advice(Locale.EN))
    }

    @Test
    fun `a parameter of a template is flattened on request`() {
        assertEquals("Rua A, 10 fundos", flattenWhitespace("Rua A,\n\t10      fundos "))
    }

    @Test
    fun `a wrong value names its field`(): Unit = Counter().use { counter ->
        val error = thrownBy<GuicheException.Invalid> { counter.admin.createTag("x".repeat(1_000)) }
        assertEquals("name", error.field)
        assertEquals(1_000u, (error.problem as Problem.TooLong).actual)
        assertEquals("too_long", error.code())
        assertEquals(Retry.AFTER_FIX, error.retry())
    }

    @Test
    fun `what is not there is named`(): Unit = Counter().use { counter ->
        val error = thrownBy<GuicheException.NotFound> { counter.desk.contact(Id(7)) }
        assertEquals(Entity.CONTACT to "7", error.entity to error.id)
        assertEquals("not_found", error.code())
    }

    @Test
    fun `a conflict says with what`(): Unit = Counter().use { counter ->
        val talk = counter.talk()
        val again = thrownBy<GuicheException.InConflict> {
            counter.desk.createAttendance(CreateAttendance(counter.maria, counter.channel))
        }
        assertEquals(talk, (again.conflict as Conflict.AlreadyOpen).attendanceId)
        counter.desk.sendText(talk, "Oi", requestId = "one")
        val other = thrownBy<GuicheException.InConflict> { counter.desk.sendText(talk, "Olá", requestId = "one") }
        assertEquals(Conflict.DifferentContent, other.conflict)
    }

    @Test
    fun `a store that fails has a code`(@TempDir folder: Path) {
        val file = folder.resolve("notes.txt")
        Files.writeString(file, "This is no database, however long it may be. ".repeat(100))
        val error = thrownBy<GuicheException.StoreFailed> { Store.sqlite(file.toString()) }
        assertEquals("not_a_database", error.code())
        assertEquals(error.reason, error.code())
    }

    @Test
    fun `every variant has a code that is documented and words in two languages`() {
        val documented = Files.readAllLines(Path.of("../../core/docs/errors.md"))
            .mapNotNull { Regex("^\\| `([a-z_]+)`").find(it)?.groupValues?.get(1) }.toSet()
        val errors = REFUSALS.map { GuicheException.Refused(it) } + PROBLEMS.map { GuicheException.Invalid("name", it) } +
            CONFLICTS.map { GuicheException.InConflict(it) } + FAILURES.map { GuicheException.Messaging(it) } +
            listOf(
                GuicheException.NotFound(Entity.NOTE, "7"),
                GuicheException.Busy(),
                GuicheException.Closed(),
                GuicheException.StoreFailed("newer_schema"),
                GuicheException.Foreign("IllegalStateException"),
            )
        assertEquals(variantsOf(GuicheException::class.java), errors.map { it.javaClass.simpleName }.toSet())
        errors.forEach { error ->
            assertTrue(error is GuicheException.Foreign || error.code() in documented, "${error.code()} is not in errors.md")
            assertTrue(error.toString().startsWith(error.code()), error.toString())
            val words = listOf(error.explain(Locale.PT_BR), error.explain(Locale.EN))
            assertFalse(words.any { it.isBlank() } || words[0] == words[1], "$error: $words")
            assertTrue(error.retry() in Retry.entries)
        }
    }

    @Test
    fun `no variant of an error's data is left out here`() {
        assertEquals(variantsOf(Refusal::class.java), REFUSALS.map { it.javaClass.simpleName }.toSet())
        assertEquals(variantsOf(Problem::class.java), PROBLEMS.map { it.javaClass.simpleName }.toSet())
        assertEquals(variantsOf(Conflict::class.java), CONFLICTS.map { it.javaClass.simpleName }.toSet())
        assertEquals(variantsOf(PortException::class.java), FAILURES.map { it.javaClass.simpleName }.toSet())
    }

    private companion object {
        val REFUSALS = listOf(
            Refusal.WindowClosed(MORNING, 2u), Refusal.WindowNeverOpened(1u), Refusal.AttendanceFinished, Refusal.AttendanceTrashed,
            Refusal.NothingToDo, Refusal.NotPermitted(Permission.RESTORE), Refusal.NotAssigned(Id(1)),
            Refusal.AlreadyClaimed(Id(1), MORNING), Refusal.NotInDepartment(Id(1), Id(2)),
            Refusal.TemplateNotSendable(TemplateStatus.Paused, null), Refusal.TemplateChanged(1u, 2u),
            Refusal.TemplateOfOtherAccount, Refusal.TemplateParameters(listOf(ParameterProblem("header", ParameterFault.Missing))),
            Refusal.MarketingStopped(MORNING), Refusal.ChannelHasNoTemplates,
            Refusal.MediaTooLarge(MediaKind.IMAGE, 5uL, 9uL),
            Refusal.MediaTypeNotAccepted(MediaKind.IMAGE, "image/webp", listOf("image/png")), Refusal.TextTooLong(4096u, 5000u),
            Refusal.ContentNotSupported("order"), Refusal.NoAddress, Refusal.NeedsPhone,
            Refusal.MissingToFinish(listOf(FinishRequirement.TAG)), Refusal.SameContact, Refusal.ContactMerged(Id(1)),
            Refusal.OpenOnBoth(listOf(Id(1))), Refusal.WrongDeliveryState("read"), Refusal.NoEyes, Refusal.SuppliedMarker,
            Refusal.NotTheAuthor(Id(1)), Refusal.TicketNotEnabled, Refusal.ModulesMissing,
            Refusal.ContactErased, Refusal.UnderWay(Instant.EPOCH),
        )
        val PROBLEMS = listOf(
            Problem.Blank, Problem.TooLong(3u, 4u), Problem.TooMany(3u, 4u), Problem.TooFew(2u, 1u), Problem.OutOfRange(1u, 9u, 0u),
            Problem.Repeated, Problem.NotAllowed, Problem.WrongKind("image"), Problem.NotAPhoneNumber, Problem.Malformed,
            Problem.NoHandle, Problem.Archived, Problem.UnknownZone, Problem.InThePast,
        )
        val CONFLICTS = listOf(
            Conflict.AlreadyOpen(Id(1), Id(2), Id(3)), Conflict.PairOccupied(Id(1)), Conflict.DifferentContent,
            Conflict.Changed(2u), Conflict.Taken("login"),
        )
        val FAILURES = listOf(
            PortException.Platform(PlatformError(131_047, ErrorClass.WINDOW_CLOSED, httpStatus = 400u)),
            PortException.Network("timeout"), PortException.CursorExpired(), PortException.Unreadable("json"),
            PortException.HostNotAllowed(), PortException.TooLarge(7uL), PortException.Media("missing"), PortException.Cancelled(),
            PortException.Foreign("x"),
        )
    }
}
