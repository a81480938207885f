import Foundation
import Guiche
import XCTest

/// Values that cross: text, bytes, instants, days, ids, JSON.
final class ValueTests: XCTestCase {
    func testTextComesBackAsItWentIn() throws {
        let counter = try Counter()
        let texts = [
            "ação, São João", "日本語", "👩‍👩‍👧‍👦🏳️‍🌈", "e\u{301} não é é", "a\u{0}b", "\u{FEFF}marca", "linha\r\noutra\ttab", "\u{202E}virado",
            String(repeating: "ã", count: 4_000),
        ]
        for text in texts {
            let note = try counter.ana.writeNote(note: WriteNote(attendanceId: counter.attendance, text: text)).outcome
            XCTAssertEqual(Array(note.text.utf8), Array(text.utf8))
        }
        let notes = try counter.ana.notes(id: counter.attendance).map(\.note.text)
        XCTAssertEqual(Set(notes.map { Array($0.utf8) }), Set(texts.map { Array($0.utf8) }))
    }

    func testHugeAndEmptyTextsAreRefusedWithTheirSizes() throws {
        let counter = try Counter()
        let huge = String(repeating: "grande ", count: 1_000_000)
        guard case .Refused(.textTooLong(4_096, let actual)) =
            try failure({ try counter.ana.sendText(attendanceId: counter.attendance, body: huge) })
        else { return XCTFail("not too long") }
        XCTAssertGreaterThan(actual, 6_000_000)
        for empty in ["", " ", "\n"] {
            XCTAssertEqual(
                try failure { try counter.ana.sendText(attendanceId: counter.attendance, body: empty) },
                .Invalid(field: "body", problem: .blank))
            XCTAssertEqual(
                try failure { try counter.ana.findContacts(text: empty) }, .Invalid(field: "text", problem: .blank))
        }
        XCTAssertEqual(try counter.ana.search(filter: SearchFilter(text: "nada disto")).entries, [])
    }

    func testMegabytesOfBytesCross() throws {
        let counter = try Counter()
        let bytes = Data((0..<6_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let file = try counter.engine.storeMediaBytes(bytes: bytes, filename: "grande.bin")
        XCTAssertEqual(file.size, 6_000_000)
        let path = try temporaryFolder(self) + "/mesmo arquivo, não?.bin"
        try bytes.write(to: URL(fileURLWithPath: path))
        let same = try counter.engine.storeMedia(path: path)
        XCTAssertEqual(same.sha256, file.sha256)
        // Kept by a name that every system can give a file: no question mark.
        XCTAssertEqual(same.filename, "mesmo arquivo, não.bin")
        XCTAssertEqual(
            try failure { try counter.engine.storeMedia(path: path + "x") }, .NotFound(entity: .media, id: "path"))
        XCTAssertEqual(
            try failure { try counter.engine.storeMediaBytes(bytes: Data(), filename: "vazio.txt") },
            .Invalid(field: "file", problem: .blank))
        // A slice of other bytes has indices of its own.
        XCTAssertEqual(try counter.engine.storeMediaBytes(bytes: bytes[100..<200], filename: "").size, 100)
    }

    func testAHugeDeliveryIsTakenIn() throws {
        let counter = try Counter()
        counter.line.items.with { items in
            items = (0..<500).map { Counter.text(String(repeating: "x", count: 4_000), wamid: "wamid.\($0)", at: noon) }
        }
        let report = try counter.engine.ingest(kind: .whatsApp, body: Data(count: 8_000_000), signature: "good")
        XCTAssertEqual(report.items.count, 500)
        XCTAssertEqual(try counter.ana.messages(of: counter.attendance).all().count, 501)
    }

    func testEveryMillisecondComesBackAsItWentIn() throws {
        let clock = ManualClock(start: noon)
        var random = SplitMix(7)
        for _ in 0..<100_000 {
            // 1900 to 2100.
            let milliseconds = Int64.random(in: -2_208_988_800_000..<4_102_444_800_000, using: &random)
            let instant = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
            clock.set(now: instant)
            let back = clock.time()
            XCTAssertEqual(Int64((back.timeIntervalSince1970 * 1_000).rounded()), milliseconds)
            XCTAssertEqual(back, instant)
        }
        // What is finer is rounded to the millisecond.
        clock.set(now: Date(timeIntervalSince1970: 1_795_435_200.123_4))
        XCTAssertEqual(clock.time(), Date(timeIntervalSince1970: 1_795_435_200.123))
    }

    func testDaysAreThoseOfTheCalendar() throws {
        XCTAssertNil(CivilDay(year: 2026, month: 2, day: 29))
        XCTAssertNotNil(CivilDay(year: 2028, month: 2, day: 29))
        XCTAssertNil(CivilDay(year: 1900, month: 2, day: 29))
        XCTAssertNil(CivilDay(year: 0, month: 1, day: 1))
        XCTAssertNil(CivilDay(year: 2026, month: 13, day: 1))
        for text in ["2026-1-02", "26-01-02", "2026-01-02x", "2026/01/02", "", "--", "+026-01-02", "2026-00-10"] {
            XCTAssertNil(CivilDay(text), text)
        }
        let day = try XCTUnwrap(CivilDay("2026-11-23"))
        XCTAssertEqual([day.year, day.month, day.day], [2026, 11, 23])
        XCTAssertEqual("\(day)", "2026-11-23")
        XCTAssertLessThan(day, try XCTUnwrap(CivilDay("2026-12-01")))
        XCTAssertEqual(CivilDay.first.text, "0001-01-01")
        XCTAssertEqual(CivilDay.last.text, "9999-12-31")
        XCTAssertEqual(try JSONDecoder().decode([CivilDay].self, from: JSONEncoder().encode([day])), [day])
        XCTAssertThrowsError(try JSONDecoder().decode([CivilDay].self, from: Data("[\"2026-02-30\"]".utf8)))

        let saoPaulo = try XCTUnwrap(TimeZone(identifier: "America/Sao_Paulo"))
        let late = Date(timeIntervalSince1970: 1_795_435_200 + 14 * 3_600)
        XCTAssertEqual(CivilDay(of: late, in: saoPaulo).text, "2026-11-23")
        XCTAssertEqual(CivilDay(of: late, in: try XCTUnwrap(TimeZone(identifier: "UTC"))).text, "2026-11-24")
        XCTAssertEqual(CivilDay(of: .distantPast.addingTimeInterval(-1e11), in: saoPaulo), .first)
    }

    func testDaysCrossToTheEngine() throws {
        let counter = try Counter()
        let (day, next) = (try XCTUnwrap(CivilDay("2026-11-23")), try XCTUnwrap(CivilDay("2026-11-24")))
        let found = try counter.ana.inbox(filter: InboxFilter(days: .range(from: day, until: day), zone: "America/Sao_Paulo"))
        XCTAssertEqual(found.cards.map(\.id), [counter.attendance])
        XCTAssertEqual(found.from, Date(timeIntervalSince1970: 1_795_402_800))
        XCTAssertEqual(try counter.ana.inbox(filter: InboxFilter(days: .range(from: next, until: next))).cards, [])
    }

    func testIdsOfOneKindAreNotIdsOfAnother() throws {
        let id: AttendanceId = Id(raw: 7)
        XCTAssertEqual("\(id)", "7")
        XCTAssertLessThan(id, Id(raw: 8))
        XCTAssertEqual(Set([id, Id(raw: 7)]).count, 1)
        // The compiler refuses a ContactId where an AttendanceId is meant: they are Id<OfContact> and Id<OfAttendance>.
        XCTAssertFalse(AttendanceId.self == ContactId.self)
    }

    func testJsonGoesAndComes() throws {
        let counter = try Counter()
        let card = try XCTUnwrap(counter.ana.messages(id: counter.attendance).first)
        let json = try toJson(value: .ofShownMessage(value: card))
        XCTAssertEqual(try fromJson(name: "ShownMessage", json: json), .ofShownMessage(value: card))
        XCTAssertEqual(try failure { try fromJson(name: "Nada", json: "{}") }.code(), "wrong_kind")
        XCTAssertEqual(try failure { try fromJson(name: "ShownMessage", json: "{}") }, .Invalid(field: "json", problem: .malformed))
    }

    func testValuesKnowWhatTheEngineKnowsOfThem() throws {
        let counter = try Counter()
        let view = try counter.ana.attendance(id: counter.attendance)
        XCTAssertTrue(view.attendance.isOpen)
        XCTAssertTrue(view.attendance.isUnseen(by: nil))
        XCTAssertEqual(counter.maria.contact.name, "Maria Souza")
        let window = try counter.ana.window(id: counter.attendance).window
        XCTAssertTrue(window.allowsFreeForm)
        XCTAssertEqual(window.until, noon.addingTimeInterval(24 * 3_600 - 60))
        let content = Content.text(body: "Olá", previewUrl: false)
        XCTAssertEqual(content.kind, "text")
        XCTAssertEqual(content.words, "Olá")
        XCTAssertNil(content.mainFile)
        XCTAssertTrue(ChannelKind.whatsApp.rules.templates)
        XCTAssertEqual(TemplateParameters.positional(["a", "b"]).body.count, 2)
        XCTAssertEqual(flattenWhitespace(value: "Rua A,\n\t10      fundos "), "Rua A, 10 fundos")
        XCTAssertEqual(platformAdvice(code: 77_777, locale: .en), "Could not send.")

        let file = try counter.engine.storeMediaBytes(bytes: Data("BM".utf8), filename: "planta.bmp")
        let fit = try counter.ana.fit(file: file, channel: counter.channel.id, kind: .image)
        XCTAssertNotEqual(fit.advice(.ptBr), fit.advice(.en))
        XCTAssertEqual(file.content(as: .document, caption: "A planta").mainFile?.caption, "A planta")

        let transcript = try counter.ana.transcript(id: counter.attendance, options: TranscriptOptions())
        XCTAssertTrue(transcript.plain().contains("Oi"))
        let rows = try counter.engine.exportAttendances(filter: ExportFilter(variant: .full)).rows
        XCTAssertEqual(try rows.csv().split(whereSeparator: \.isNewline).count, 2)
        XCTAssertEqual(try rows.csv(heading: false).split(whereSeparator: \.isNewline).count, 1)
    }

    func testPagesGiveEveryRowOnceAndFetchOnlyWhatIsAskedFor() throws {
        let counter = try Counter()
        for number in 0..<23 { try counter.hears("mensagem \(number)", wamid: "wamid.n\(number)") }
        let messages = try counter.ana.messages(of: counter.attendance, page: 5).all()
        XCTAssertEqual(messages.count, 24)
        XCTAssertEqual(Set(messages.map(\.message.id)).count, 24)
        XCTAssertEqual(messages.map(\.message), try counter.ana.messages(id: counter.attendance, limit: 100).map(\.message))
        XCTAssertEqual(try counter.ana.messages(of: counter.attendance, page: 5).all(limit: 7).count, 7)
        let timeline = try counter.ana.timeline(of: counter.attendance, page: 4).all()
        XCTAssertEqual(timeline, try counter.ana.timeline(id: counter.attendance, limit: 500))
        XCTAssertEqual(try counter.ana.cards(InboxFilter(days: .any, limit: 1)).all().map(\.id), [counter.attendance])
        let events = try counter.engine.events(after: 0, page: 3).all()
        XCTAssertEqual(events.map(\.seq), Array(1...(try counter.engine.head())))
        let changes = try counter.ana.changes(after: 1, page: 3).all()
        XCTAssertEqual(changes.map(\.what), try counter.ana.changesSince(cursor: 1, limit: 1_000).changes)
        XCTAssertEqual(changes.map(\.cursor), changes.map(\.cursor).sorted())

        var pages = counter.ana.messages(of: Id(raw: 1))
        guard case .failure(let error) = pages.next() else { return XCTFail("no failure") }
        XCTAssertEqual(error as? GuicheError, .NotFound(entity: .attendance, id: "1"))
        XCTAssertNil(pages.next())
    }
}

/// A sequence of numbers that a seed gives.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
