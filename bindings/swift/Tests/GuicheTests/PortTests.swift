import Foundation
import Guiche
import XCTest

/// Ports and listeners that are written in Swift.
final class PortTests: XCTestCase {
    private func state(_ counter: Counter) throws -> DeliveryState? {
        try counter.ana.messages(id: counter.attendance, limit: 1).first?.delivery?.state
    }

    func testAPortSendsWhatIsQueued() throws {
        let counter = try Counter()
        counter.clock.set(now: noon.addingTimeInterval(60))
        let queued = try counter.ana.sendText(attendanceId: counter.attendance, body: "Olá, Maria! 😊").outcome
        let report = try counter.engine.pump()
        XCTAssertEqual(report, PumpReport(accepted: 1, failed: 0, delayed: 0, inDoubt: 0, held: 0))
        let job = try XCTUnwrap(counter.line.jobs.now.first)
        XCTAssertEqual(job.deliveryId, queued.deliveryId)
        XCTAssertEqual(job.to, .waId("5511987654321"))
        XCTAssertEqual(job.content, .text(body: "Olá, Maria! 😊", previewUrl: false))
        XCTAssertEqual(try state(counter), .settled(progress: .accepted))
    }

    func testARejectionByAPortFailsTheMessageWithItsCode() throws {
        let said = PlatformError(code: 131_026, class: .permanent, title: "t", details: "d", httpStatus: 400)
        let counter = try Counter(line: Line { _ in SendReport(answer: .rejected(said), serverTime: nil) })
        counter.clock.set(now: noon.addingTimeInterval(60))
        _ = try counter.ana.sendText(attendanceId: counter.attendance, body: "Oi")
        XCTAssertEqual(try counter.engine.pump().failed, 1)
        XCTAssertEqual(try counter.ana.messages(id: counter.attendance, limit: 1).first?.delivery?.lastError, said)
    }

    func testWhyAMessageFailedIsToldAsItStands() throws {
        let said = PlatformError(code: 2, class: .retry, httpStatus: 503)
        let counter = try Counter(line: Line { _ in SendReport(answer: .rejected(said), serverTime: nil) })
        func told(_ locale: GuicheLocale) throws -> String? {
            try XCTUnwrap(counter.ana.messages(id: counter.attendance, limit: 1).first?.delivery).advice(locale)
        }
        var now = noon.addingTimeInterval(60)
        counter.clock.set(now: now)
        _ = try counter.ana.sendText(attendanceId: counter.attendance, body: "Oi")
        XCTAssertNil(try told(.ptBr))
        XCTAssertEqual(try counter.engine.pump().delayed, 1)
        XCTAssertEqual(try told(.ptBr), "O WhatsApp está indisponível. Tentando de novo.")
        XCTAssertEqual(try told(.en), "WhatsApp is unavailable. Retrying.")
        for _ in 0..<50 {
            now += 900
            counter.clock.set(now: now)
            _ = try counter.engine.pump()
        }
        XCTAssertEqual(try state(counter), .settled(progress: .failed))
        XCTAssertEqual(try told(.ptBr), "O WhatsApp estava indisponível e não foi possível enviar. Envie de novo.")
        XCTAssertEqual(try told(.en), said.advice(.en))
    }

    func testAHeldMessageHasItsSentence() throws {
        let counter = try Counter()
        counter.clock.set(now: noon.addingTimeInterval(60))
        _ = try counter.ana.sendText(attendanceId: counter.attendance, body: "Oi")
        counter.clock.set(now: noon.addingTimeInterval(25 * 3_600))
        XCTAssertEqual(try counter.engine.pump().held, 1)
        let held = try XCTUnwrap(counter.ana.messages(id: counter.attendance, limit: 1).first?.delivery)
        XCTAssertEqual(held.state, .held(reason: .windowClosed))
        XCTAssertEqual(held.advice(.ptBr), HeldReason.windowClosed.explain(.ptBr))
        XCTAssertNotEqual(HeldReason.noAddress.explain(.ptBr), HeldReason.noAddress.explain(.en))
    }

    func testWhatASendingPortThrowsLeavesTheMessageInDoubt() throws {
        let thrown: [any Error & Sendable] = [Undeclared(), PortError.Network(reason: "timeout"), CocoaError(.fileNoSuchFile)]
        for error in thrown {
            let counter = try Counter(line: Line { _ in throw error })
            counter.clock.set(now: noon.addingTimeInterval(60))
            _ = try counter.ana.sendText(attendanceId: counter.attendance, body: "Oi")
            XCTAssertEqual(try counter.engine.pump().inDoubt, 1)
            guard case .inDoubt(let since, _) = try state(counter) else { return XCTFail("\(error)") }
            XCTAssertEqual(since, noon.addingTimeInterval(60))
        }
    }

    func testAPortMayCallBackIntoTheEngine() throws {
        let back = Shared<Counter?>(nil)
        let seen = Shared<[Int]>([])
        let counter = try Counter(line: Line { job in
            let counter = try XCTUnwrap(back.now)
            let messages = try counter.ana.messages(id: counter.attendance)
            _ = try counter.engine.admin().createTag(name: "visto \(messages.count)")
            seen.with { $0.append(messages.count) }
            return SendReport(answer: .accepted(wamid: "wamid.\(job.deliveryId)", paced: false, waId: nil, userId: nil), serverTime: nil)
        })
        back.with { $0 = counter }
        _ = try counter.ana.sendText(attendanceId: counter.attendance, body: "Oi")
        XCTAssertEqual(try counter.engine.pump().accepted, 1)
        XCTAssertEqual(seen.now, [2])
        back.with { $0 = nil }
    }

    func testADecoderThatThrowsLosesNothing() throws {
        let counter = try Counter()
        XCTAssertEqual(
            try failure { try counter.engine.ingest(kind: .whatsApp, body: Data("x".utf8), signature: "forged") },
            .Invalid(field: "signature", problem: .malformed))
        for error: any Error in [Undeclared(), PortError.Unreadable(reason: "json")] {
            counter.line.decoding.with { $0 = error }
            let body = Data("{\"of\":\"\(error)\"}".utf8)
            let report = try counter.engine.ingest(kind: .whatsApp, body: body, signature: "good")
            XCTAssertEqual(report.items.map(\.outcome), [.quarantined])
            XCTAssertEqual(report.items.first?.reason, "decoder_failed")
            XCTAssertTrue(try counter.engine.admin().kept().map(\.raw).contains(String(decoding: body, as: UTF8.self)))
        }
    }

    func testManyDeliveriesAtOnceHaveAnOutcomeEach() throws {
        let counter = try Counter()
        counter.line.items.with { $0 = [Counter.text("Oi de novo", wamid: "wamid.many", at: counter.clock.time())] }
        let webhooks = ["good", "forged", "good"].map { Webhook(body: Data("{}".utf8), signature: $0) }
        let outcomes = try counter.engine.ingestMany(kind: .whatsApp, webhooks: webhooks)
        guard case .taken(let first) = outcomes[0], case .notTaken(let why) = outcomes[1], case .taken(let again) = outcomes[2]
        else { return XCTFail("\(outcomes)") }
        XCTAssertEqual(first.items.map(\.outcome), [.stored])
        XCTAssertEqual(why, .Invalid(field: "signature", problem: .malformed))
        XCTAssertEqual(again.items.map(\.outcome), [.duplicate])
        XCTAssertTrue(try counter.engine.ingestMany(kind: .whatsApp, webhooks: []).isEmpty)
    }

    func testErrorsThatAPortDeclaresArriveWithTheirFields() throws {
        let counter = try Counter()
        _ = try counter.ana.message(id: XCTUnwrap(counter.ana.messages(id: counter.attendance).first).message.id)
        let message = try XCTUnwrap(counter.ana.messages(id: counter.attendance).first).message.id
        guard case .Messaging(.Platform(let said)) = try failure({ try counter.ana.markRead(messageId: message, typing: false) })
        else { return XCTFail("not the platform's") }
        XCTAssertEqual(said, PlatformError(code: 131_000, class: .wait, title: "t", details: "d", httpStatus: 500))
    }

    private final class Ear: Listener, @unchecked Sendable {
        let heard = Shared<[Int64]>([])
        let then: @Sendable (Int64) throws -> Void

        init(_ then: @escaping @Sendable (Int64) throws -> Void = { _ in }) {
            self.then = then
        }

        func committed(seq: Int64) throws {
            heard.with { $0.append(seq) }
            try then(seq)
        }
    }

    func testAListenerHearsCommitsUntilItsSubscriptionIsCancelled() throws {
        let counter = try Counter()
        let ear = Ear()
        let subscription = try counter.engine.subscribe(listener: ear)
        _ = try counter.engine.admin().createTag(name: "um")
        XCTAssertEqual(ear.heard.now, [try counter.engine.head()])
        subscription.cancel()
        subscription.cancel()
        _ = try counter.engine.admin().createTag(name: "dois")
        XCTAssertEqual(ear.heard.now.count, 1)
    }

    func testASubscriptionThatIsLetGoEnds() throws {
        let counter = try Counter()
        weak var gone: Ear?
        try {
            let ear = Ear()
            gone = ear
            _ = try counter.engine.subscribe(listener: ear)
        }()
        XCTAssertNil(gone)
        _ = try counter.engine.admin().createTag(name: "um")
    }

    func testAListenerThatThrowsUndoesNothing() throws {
        let counter = try Counter()
        for error: any Error & Sendable in [Undeclared(), PortError.CursorExpired] {
            let ear = Ear { _ in throw error }
            let subscription = try counter.engine.subscribe(listener: ear)
            let tag = try counter.engine.admin().createTag(name: "\(error)").outcome
            XCTAssertEqual(ear.heard.now.count, 1)
            XCTAssertEqual(try counter.engine.setup().tags[tag.id], tag)
            subscription.cancel()
        }
    }

    func testAListenerMayCallBackIntoTheEngineAndCancelItself() throws {
        let counter = try Counter()
        let engine = counter.engine
        let own = Shared<Subscription?>(nil)
        let events = Shared<[Int64]>([])
        let ear = Ear { seq in
            events.with { $0 += (try? engine.changesSince(cursor: seq - 1).map(\.seq)) ?? [] }
            own.with { $0 }?.cancel()
        }
        own.with { $0 = nil }
        let subscription = try engine.subscribe(listener: ear)
        own.with { $0 = subscription }
        _ = try engine.admin().createTag(name: "um")
        _ = try engine.admin().createTag(name: "dois")
        XCTAssertEqual(ear.heard.now.count, 1)
        XCTAssertEqual(events.now, ear.heard.now)
        own.with { $0 = nil }
    }

    private final class Instruments: Clock, IdSource, Jitter, @unchecked Sendable {
        let broken = Shared(false)
        let next = Shared<Int64>(5_000)

        private func fail() throws {
            if broken.now { throw Undeclared() }
        }

        func now() throws -> Date {
            try fail()
            return noon
        }

        func nextId(now: Date) throws -> Int64 {
            try fail()
            return next.with { next in
                next += 1
                return next
            }
        }

        func fraction() throws -> Double {
            try fail()
            return 0.25
        }
    }

    func testAClockAndIdsOfOnesOwnAreUsed() throws {
        let own = Instruments()
        let counter = try Counter(clock: own, ids: own, jitter: own)
        let tag = try counter.engine.admin().createTag(name: "um").outcome
        XCTAssertEqual(tag.id.raw, own.next.now)
        XCTAssertEqual(try counter.engine.changesSince(cursor: counter.engine.head() - 1).first?.at, noon)
    }

    func testAClockAndIdsThatThrowAreAnsweredFor() throws {
        let own = Instruments()
        let counter = try Counter(clock: own, ids: own, jitter: own)
        own.broken.with { $0 = true }
        let (one, two) = (
            try counter.engine.admin().createTag(name: "um").outcome, try counter.engine.admin().createTag(name: "dois").outcome
        )
        XCTAssertNotEqual(one.id, two.id)
        XCTAssertGreaterThan(two.id.raw, own.next.now)
        XCTAssertEqual(try counter.engine.changesSince(cursor: counter.engine.head() - 1).first?.at, noon)
    }

    private final class Shelf: MediaStore, @unchecked Sendable {
        let folder: String
        let broken = Shared<(any Error)?>(nil)

        init(_ folder: String) {
            self.folder = folder
        }

        func put(path: String, limit: UInt64) throws -> StoredMedia {
            if let error = broken.now { throw error }
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            let name = String(format: "%064x", bytes.count)
            try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            return StoredMedia(sha256: name, size: UInt64(bytes.count), head: bytes.prefix(4_096))
        }

        func path(sha256: String) throws -> String? { "\(folder)/\(sha256)" }
    }

    func testAMediaStoreOfOnesOwnIsUsedAndItsErrorsAreTold() throws {
        let shelf = Shelf(try temporaryFolder(self))
        let counter = try Counter(media: shelf)
        let file = try counter.engine.storeMediaBytes(bytes: Data("olá".utf8), filename: "nota.txt")
        XCTAssertEqual(file.size, 4)
        for error: any Error in [Undeclared(), PortError.Media(reason: "full")] {
            shelf.broken.with { $0 = error }
            let answered = try failure { try counter.engine.storeMediaBytes(bytes: Data("x".utf8), filename: "x") }
            XCTAssertEqual(answered.code(), "media_store_failed")
        }
    }

    private final class Neighbours: ModulesPort, @unchecked Sendable {
        let fails = Shared<(any Error)?>(nil)

        func records(query: RecordQuery) throws -> [ModuleRecord] {
            if let error = fails.now { throw error }
            return [ModuleRecord(record: RecordRef(kind: .saleProcess, number: "4711", module: "vendas"), title: "Torre B")]
        }

        func deepLink(record: RecordRef) throws -> String? { "https://modulos.example/\(record.number)" }

        func openTicket(order: TicketOrder) throws -> OpenedTicket {
            if let error = fails.now { throw error }
            return OpenedTicket(protocol: "2026-0419")
        }

        func findTicket(key: String) throws -> OpenedTicket? { nil }
    }

    func testModulesOfOnesOwnAreAsked() throws {
        let neighbours = Neighbours()
        let counter = try Counter(modules: neighbours)
        let found = try counter.ana.linkedRecords(id: counter.attendance)
        XCTAssertTrue("\(found)".contains("Torre B"))
        // What a module throws does not keep the menu from opening.
        for error: any Error in [Undeclared(), ModulesFailure.Transient(reason: "down"), ModulesFailure.Refused(code: "no", words: nil)] {
            neighbours.fails.with { $0 = error }
            XCTAssertFalse("\(try counter.ana.linkedRecords(id: counter.attendance))".contains("Torre B"))
        }
    }
}
