import Foundation
import Guiche
import XCTest

/// Whatever is asked, there is an answer or an error; and asking for long costs no memory.
final class LoadTests: XCTestCase {
    /// Texts and numbers at which bindings break.
    private struct Odd {
        var random: SplitMix

        mutating func text() -> String {
            let choices = [
                "", " ", "\u{0}", "Olá", "ação", "👩‍👩‍👧", "+5511987654321", "5511", "2026-11-23", "{}", "[1]", "null", "\"", "\\", "%s%n",
                "'; DROP TABLE message; --", "../../etc", "\u{202E}", "e\u{301}", String(repeating: "é", count: 9_000), "wamid.first",
            ]
            return choices[Int.random(in: 0..<choices.count, using: &random)]
        }

        mutating func maybe<T>(_ value: (inout Odd) -> T) -> T? {
            Bool.random(using: &random) ? value(&self) : nil
        }

        mutating func number(of known: [Int64]) -> Int64 {
            let choices = known + [0, 1, -1, .min, .max, Int64.random(in: .min ... .max, using: &random)]
            return choices[Int.random(in: 0..<choices.count, using: &random)]
        }

        mutating func id<Of>(of known: [Int64]) -> Id<Of> {
            Id(raw: number(of: known))
        }

        mutating func count() -> UInt32 {
            [0, 1, 2, 50, 501, .max][Int.random(in: 0..<6, using: &random)]
        }

        mutating func instant() -> Date {
            let choices: [Double] = [0, -1, 1_795_435_200, 253_402_300_799, -62_135_596_800, 9e12, -9e12]
            return Date(timeIntervalSince1970: choices[Int.random(in: 0..<choices.count, using: &random)])
        }

        mutating func bytes() -> Data {
            Data((0..<Int.random(in: 0..<300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }

    func testTenThousandRandomCallsAreAnswered() throws {
        let port = ScriptedPort()
        let counter = try Counter()
        let (ana, host, admin, engine) = (counter.ana, try counter.engine.backOffice(), counter.engine.admin(), counter.engine)
        let message = try XCTUnwrap(ana.messages(id: counter.attendance).first).message.id.raw
        let known = [counter.attendance.raw, counter.maria.contact.id.raw, counter.channel.id.raw, message, ana.attendantId()?.raw ?? 0]
        typealias Call = (inout Odd) throws -> Void
        let calls: [Call] = [
            { odd in _ = try ana.sendText(attendanceId: odd.id(of: known), body: odd.text(), requestId: odd.maybe { $0.text() }) },
            { odd in _ = try ana.send(attendanceId: odd.id(of: known), content: .reaction(target: odd.text(), emoji: odd.text()), replyTo: odd.maybe { $0.id(of: known) }) },
            { odd in _ = try ana.send(attendanceId: odd.id(of: known), content: .edit(target: odd.text(), content: .text(body: odd.text(), previewUrl: true)), replyTo: nil) },
            { odd in _ = try ana.send(attendanceId: odd.id(of: known), content: .location(Location(latitude: [.nan, .infinity, 91, 0][Int(odd.count() % 4)], longitude: -0.0, name: odd.maybe { $0.text() }, address: nil)), replyTo: nil) },
            { odd in _ = try ana.messages(id: odd.id(of: known), before: odd.maybe { MessagePlace(at: $0.instant(), tie: $0.text()) }, limit: odd.count()) },
            { odd in _ = try ana.inbox(filter: InboxFilter(trash: Bool.random(using: &odd.random), assignees: [odd.id(of: known)], days: .any, zone: odd.maybe { $0.text() }, text: odd.maybe { $0.text() }, counts: true, cursor: odd.maybe { $0.text() }, limit: odd.maybe { $0.count() })) },
            { odd in _ = try ana.search(filter: SearchFilter(text: odd.text(), cursor: odd.maybe { $0.text() }, limit: odd.maybe { $0.count() })) },
            { odd in _ = try ana.changesSince(cursor: odd.number(of: known), limit: odd.count()) },
            { odd in _ = try ana.contact(id: odd.id(of: known)) },
            { odd in _ = try ana.createContact(contact: CreateContact(channelId: odd.maybe { $0.id(of: known) }, name: odd.maybe { $0.text() }, phone: odd.maybe { $0.text() }, userId: odd.maybe { $0.text() }, email: odd.maybe { $0.text() })) },
            { odd in _ = try ana.createAttendance(command: CreateAttendance(contactId: odd.id(of: known), channelId: odd.id(of: known), attributes: [odd.text(): odd.text()], tags: [odd.id(of: known)])) },
            { odd in _ = try ana.claim(attendanceId: odd.id(of: known)) },
            { odd in _ = try ana.snooze(attendanceId: odd.id(of: known), until: odd.maybe { $0.instant() }) },
            { odd in _ = try ana.writeNote(note: WriteNote(attendanceId: odd.id(of: known), text: odd.text())) },
            { odd in _ = try ana.setRecipientName(attendanceId: odd.id(of: known), name: odd.maybe { $0.text() }) },
            { odd in _ = try ana.react(messageId: odd.id(of: known), emoji: odd.maybe { $0.text() }) },
            { odd in _ = try ana.readMessageFile(messageId: odd.id(of: known), limit: UInt64(odd.count())) },
            { odd in _ = try ana.sendTemplate(attendanceId: odd.id(of: known), templateId: odd.id(of: known), parameters: .positional([odd.text()])) },
            { odd in _ = try ana.changeTags(attendanceId: odd.id(of: known), add: [odd.id(of: known)], remove: [odd.id(of: known)]) },
            { odd in _ = try ana.transcript(id: odd.id(of: known), options: TranscriptOptions()) },
            { odd in _ = try host.trash(attendanceId: odd.id(of: known)) },
            { odd in _ = try host.restore(attendanceId: odd.id(of: known), restoreAs: .itWas) },
            { odd in _ = try host.mergeContacts(keptId: odd.id(of: known), absorbedId: odd.id(of: known)) },
            { odd in _ = try admin.createTag(name: odd.text(), requestId: odd.maybe { $0.text() }) },
            { odd in _ = try admin.deliveriesIn(state: odd.text(), after: odd.maybe { $0.id(of: known) }, limit: odd.count()) },
            { odd in _ = try admin.kept(after: odd.maybe { $0.id(of: known) }, limit: odd.count()) },
            { odd in _ = try admin.setAccount(account: .named(odd.text()).with(timeZone: odd.maybe { $0.text() })) },
            { odd in _ = try engine.ingest(kind: .whatsApp, body: odd.bytes(), signature: odd.maybe { $0.text() }) },
            { odd in _ = try engine.ingest(kind: .sms, body: odd.bytes(), signature: "good") },
            { odd in _ = try engine.deskOf(login: odd.text()) },
            { odd in _ = try engine.desk(attendant: odd.id(of: known)).markers() },
            { odd in _ = try engine.storeMediaBytes(bytes: odd.bytes(), filename: odd.text()) },
            { odd in _ = try engine.storeMedia(path: odd.text(), filename: odd.maybe { $0.text() }) },
            { odd in _ = try engine.exportMessages(filter: ExportFilter(variant: .masked), cursor: odd.maybe { $0.text() }, limit: odd.count()) },
            { odd in _ = try engine.changesSince(cursor: odd.number(of: known), limit: odd.count()) },
            { odd in _ = try engine.pump(limit: odd.count()) },
            { odd in counter.clock.set(now: odd.instant()) },
            { _ in _ = try engine.advance() },
            { odd in try port.tell(script: odd.text()) },
            { odd in _ = try fromJson(name: ["Content", "InboxFilter", "Nada", "SetupRow"][Int(odd.count() % 4)], json: odd.text()) },
            { odd in _ = try Store.sqlite(path: "/nowhere/" + odd.text()) },
            { odd in _ = try Platform.cloudApi(settings: CloudApiSettings(token: odd.text(), appSecrets: [odd.text()], baseUrl: odd.maybe { $0.text() }, version: odd.maybe { $0.text() })) },
        ]
        var odd = Odd(random: SplitMix(20_261_123))
        var (done, refused) = (0, 0)
        for _ in 0..<10_000 {
            do {
                try calls[Int.random(in: 0..<calls.count, using: &odd.random)](&odd)
                done += 1
            } catch let error as GuicheError {
                XCTAssertFalse(error.code().isEmpty)
                XCTAssertFalse(error.explain(locale: .ptBr).isEmpty)
                refused += 1
            }
        }
        XCTAssertGreaterThan(done, 1_000)
        XCTAssertGreaterThan(refused, 1_000)
        XCTAssertGreaterThan(try engine.head(), 0)
    }

    #if os(Linux)
    /// What of this process lies in memory, in bytes.
    private func resident() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try XCTUnwrap(Int(pages[1])) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    func testMemoryIsFlatOverAHundredThousandCalls() throws {
        let counter = try Counter()
        let (ana, engine) = (counter.ana, counter.engine)
        for number in 0..<50 { try counter.hears("mensagem \(number)", wamid: "wamid.n\(number)") }
        let bytes = Data(count: 10_000)
        let calls: [() throws -> Void] = [
            { _ = try engine.head() },
            { _ = try ana.contact(id: counter.maria.contact.id) },
            { _ = try? ana.contact(id: Id(raw: 7)) },
            { _ = try ana.attendance(id: counter.attendance) },
            { _ = try engine.desk(attendant: XCTUnwrap(ana.attendantId())) },
            { _ = try? ana.sendText(attendanceId: counter.attendance, body: String(repeating: "x", count: 5_000)) },
            { _ = engine.admin() },
            { _ = try ana.messages(id: counter.attendance, limit: 5) },
            { _ = try? engine.ingest(kind: .whatsApp, body: bytes, signature: "forged") },
            { _ = try? fromJson(name: "Content", json: "{\"text\":") },
        ]
        func run(_ times: Int) throws {
            for turn in 0..<times { try calls[turn % calls.count]() }
        }
        try run(10_000)
        let before = try resident()
        try run(100_000)
        let grown = try resident() - before
        // 100,000 calls that kept as little as 100 bytes each would show.
        XCTAssertLessThan(grown, 8 << 20, "memory grew by \(grown) bytes")
    }
    #endif
}
