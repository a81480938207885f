import Foundation
import Guiche
import XCTest

/// Every variant of the error, with what it carries.
final class ErrorTests: XCTestCase {
    /// One of each refusal, with its code.
    private let refusals: [(Refusal, String)] = [
        (.windowClosed(since: noon, sendableTemplates: 2), "window_closed"),
        (.windowNeverOpened(sendableTemplates: 1), "window_never_opened"),
        (.attendanceFinished, "attendance_finished"),
        (.attendanceTrashed, "attendance_trashed"),
        (.nothingToDo, "nothing_to_do"),
        (.notPermitted(permission: .claim), "not_permitted"),
        (.notAssigned(assigneeId: Id(raw: 7)), "not_assigned"),
        (.alreadyClaimed(by: Id(raw: 7), at: noon), "already_claimed"),
        (.notInDepartment(attendantId: Id(raw: 7), departmentId: Id(raw: 8)), "not_in_department"),
        (.templateNotSendable(status: .paused, reason: nil), "template_not_sendable"),
        (.templateChanged(sent: 1, now: 2), "template_changed"),
        (.templateOfOtherAccount, "template_of_other_account"),
        (.templateParameters(problems: [ParameterProblem(field: "body.1", fault: .blank)]), "template_parameters"),
        (.marketingStopped(since: noon), "marketing_stopped"),
        (.channelHasNoTemplates, "channel_has_no_templates"),
        (.mediaTooLarge(kind: .image, limit: 5, actual: 9), "media_too_large"),
        (.mediaTypeNotAccepted(kind: .image, found: "image/bmp", accepted: ["image/png"]), "media_type_not_accepted"),
        (.textTooLong(limit: 4_096, actual: 5_000), "text_too_long"),
        (.contentNotSupported(kind: "order"), "content_not_supported"),
        (.noAddress, "no_address"),
        (.needsPhone, "needs_phone"),
        (.missingToFinish(missing: [.attendanceType]), "missing_to_finish"),
        (.sameContact, "same_contact"),
        (.contactMerged(into: Id(raw: 9)), "contact_merged"),
        (.openOnBoth(channels: [Id(raw: 3)]), "open_on_both"),
        (.wrongDeliveryState(state: "queued"), "wrong_delivery_state"),
        (.noEyes, "no_eyes"),
        (.suppliedMarker, "supplied_marker"),
        (.notTheAuthor(authorId: nil), "not_the_author"),
        (.ticketNotEnabled, "ticket_not_enabled"),
        (.modulesMissing, "modules_missing"),
    ]

    private let problems: [(Problem, String)] = [
        (.blank, "blank"), (.tooLong(limit: 1, actual: 2), "too_long"), (.tooMany(limit: 1, actual: 2), "too_many"),
        (.tooFew(least: 2, actual: 1), "too_few"), (.outOfRange(least: 1, most: 2, actual: 3), "out_of_range"),
        (.repeated, "repeated"), (.notAllowed, "not_allowed"), (.wrongKind(expected: "text"), "wrong_kind"),
        (.notAPhoneNumber, "not_a_phone_number"), (.malformed, "malformed"), (.noHandle, "no_handle"),
        (.archived, "archived"), (.unknownZone, "unknown_zone"), (.inThePast, "in_the_past"),
    ]

    private let conflicts: [(Conflict, String)] = [
        (.alreadyOpen(attendanceId: Id(raw: 1), departmentId: nil, assigneeId: nil), "already_open"),
        (.pairOccupied(attendanceId: nil), "pair_occupied"), (.differentContent, "different_content"),
        (.changed(version: 4), "changed"), (.taken(field: "name"), "taken"),
    ]

    private func holds(_ error: GuicheError, _ code: String, line: UInt = #line) {
        XCTAssertEqual(error.code(), code, line: line)
        XCTAssertTrue("\(error)".hasPrefix(code), "\(error)", line: line)
        for locale in [GuicheLocale.ptBr, .en] {
            XCTAssertGreaterThan(error.explain(locale: locale).count, 10, code, line: line)
        }
        XCTAssertNotEqual(error.explain(locale: .ptBr), error.explain(locale: .en), code, line: line)
        XCTAssertFalse(error.localizedDescription.contains("GuicheError"), code, line: line)
    }

    func testEveryRefusalHasItsCodeAndASentenceInBothLanguages() {
        for (refusal, code) in refusals { holds(.Refused(refusal: refusal), code) }
        XCTAssertEqual(Set(refusals.map(\.1)).count, refusals.count)
    }

    func testEveryProblemAndConflictHasItsCodeAndASentenceInBothLanguages() {
        for (problem, code) in problems { holds(.Invalid(field: "name", problem: problem), code) }
        for (conflict, code) in conflicts { holds(.InConflict(conflict: conflict), code) }
    }

    func testTheOtherVariantsHaveThemToo() {
        holds(.NotFound(entity: .contact, id: "7"), "not_found")
        holds(.Busy, "busy")
        holds(.Closed, "closed")
        holds(.StoreFailed(reason: "disk_full"), "disk_full")
        holds(.Foreign(reason: "whatever"), "foreign")
        let failures: [PortError] = [
            .Platform(error: PlatformError(code: 1, class: .wait, httpStatus: 500)), .Network(reason: "timeout"), .CursorExpired,
            .Unreadable(reason: "json"), .HostNotAllowed, .TooLarge(limit: 3), .Media(reason: "missing"), .Foreign(reason: "x"),
        ]
        for failure in failures {
            let error = GuicheError.Messaging(failure: failure)
            XCTAssertFalse(error.code().isEmpty)
            holds(error, error.code())
            XCTAssertFalse("\(failure)".isEmpty)
        }
    }

    func testRetryIsSaid() {
        XCTAssertEqual(GuicheError.Busy.retry(), .later)
        XCTAssertEqual(GuicheError.Closed.retry(), .never)
        XCTAssertEqual(GuicheError.Foreign(reason: "").retry(), .afterFix)
        XCTAssertEqual(GuicheError.Invalid(field: "name", problem: .blank).retry(), .afterFix)
        XCTAssertEqual(GuicheError.NotFound(entity: .contact, id: "7").retry(), .never)
    }

    func testTimesInASentenceAreOnTheClockThatIsAskedFor() {
        let error = GuicheError.Refused(refusal: .windowClosed(since: noon, sendableTemplates: 2))
        let here = error.explain(locale: .ptBr, offsetMinutes: -180)
        XCTAssertTrue(here.contains("09:00"), here)
        XCTAssertTrue(error.explain(locale: .en).contains("12:00"), error.explain(locale: .en))
    }

    func testTimesInASentenceAreOfTheClockAsItStoodThen() throws {
        // In New York summer time ended on 1 November 2026; noon here is 23 November, 12:00 UTC.
        let zone = try XCTUnwrap(TimeZone(identifier: "America/New_York"))
        for (since, hour) in [(noon.addingTimeInterval(-30 * 86_400), "08:00"), (noon, "07:00")] {
            let error = GuicheError.Refused(refusal: .windowClosed(since: since, sendableTemplates: 2))
            XCTAssertEqual(error.instant(), since)
            let words = error.explain(locale: .ptBr, timeZone: zone)
            XCTAssertTrue(words.contains(hour), words)
        }
        XCTAssertNil(GuicheError.Busy.instant())
        XCTAssertEqual(GuicheError.Busy.explain(locale: .en, timeZone: zone), GuicheError.Busy.explain(locale: .en))
    }

    func testTheErrorsOfCallsArriveWithTheirFields() throws {
        let counter = try Counter()
        XCTAssertEqual(
            try failure { try counter.ana.contact(id: Id(raw: 7)) }, .NotFound(entity: .contact, id: "7"))
        guard case .Invalid(let field, .blank) = try failure({ try counter.engine.admin().createTag(name: " ") }) else {
            return XCTFail("not blank")
        }
        XCTAssertEqual(field, "name")
        let again = CreateAttendance(contactId: counter.maria.contact.id, channelId: counter.channel.id)
        guard case .InConflict(.alreadyOpen(let open, _, let by)) = try failure({ try counter.ana.createAttendance(command: again) })
        else { return XCTFail("not in conflict") }
        XCTAssertEqual(open, counter.attendance)
        XCTAssertEqual(by, counter.ana.attendantId())

        counter.clock.set(now: noon.addingTimeInterval(25 * 3_600))
        guard case .Refused(.windowClosed(let since, 0)) =
            try failure({ try counter.ana.sendText(attendanceId: counter.attendance, body: "Oi") })
        else { return XCTFail("not refused") }
        // A minute before Meta's 24 hours end: what is sent must arrive within them.
        XCTAssertEqual(since, noon.addingTimeInterval(24 * 3_600 - 60))
    }

    func testWhatAPortSaysOfAListingArrivesWithTheError() throws {
        let counter = try Counter()
        let error = try failure { try counter.engine.diffTemplates(channel: counter.channel.id) }
        XCTAssertEqual(error, .Messaging(failure: .Network(reason: "no_route")))
        XCTAssertEqual(error.retry(), .later)
    }
}
