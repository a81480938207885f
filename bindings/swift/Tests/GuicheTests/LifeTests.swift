import Foundation
import Guiche
import XCTest

/// The end of an engine, and what many threads do to it.
final class LifeTests: XCTestCase {
    func testAfterShutDownEveryDoorAnswersClosed() throws {
        let counter = try Counter()
        let (engine, ana, host, admin) = (counter.engine, counter.ana, try counter.engine.backOffice(), counter.engine.admin())
        engine.shutDown()
        engine.shutDown()
        let calls: [() throws -> Void] = [
            { _ = try ana.inbox(filter: InboxFilter()) }, { _ = try ana.claim(attendanceId: counter.attendance) },
            { _ = try host.contact(id: counter.maria.contact.id) }, { _ = try admin.createTag(name: "um") },
            { _ = try engine.head() }, { _ = try engine.pump() }, { _ = try engine.advance() }, { _ = try engine.nextWakeup() },
            { _ = try engine.desk(attendant: XCTUnwrap(ana.attendantId())) }, { _ = try engine.backOffice() },
            { _ = try engine.deskOf(login: "ana") },
            { _ = try engine.ingest(kind: .whatsApp, body: Data(), signature: "good") },
            { _ = try engine.storeMediaBytes(bytes: Data(), filename: "x") },
            { _ = try ana.messages(of: counter.attendance).all() }, { _ = try engine.events(after: 0).all() },
        ]
        for call in calls { XCTAssertEqual(try failure(call), .Closed) }
    }

    private final class Ear: Listener, @unchecked Sendable {
        func committed(seq: Int64) throws {}
    }

    private final class Now: Clock, @unchecked Sendable {
        func now() throws -> Date { noon }
    }

    func testPortsAndListenersAreLetGoAfterShutDown() throws {
        weak var line: Line?
        weak var ear: Ear?
        weak var clock: Now?
        var kept: (Engine, Desk, Subscription)?
        try {
            let (ownLine, ownEar, ownClock) = (Line(), Ear(), Now())
            (line, ear, clock) = (ownLine, ownEar, ownClock)
            let counter = try Counter(line: ownLine, clock: ownClock)
            kept = (counter.engine, counter.ana, try counter.engine.subscribe(listener: ownEar))
        }()
        XCTAssertNotNil(line)
        XCTAssertNotNil(ear)
        XCTAssertNotNil(clock)
        kept?.0.shutDown()
        XCTAssertNil(line)
        XCTAssertNil(ear)
        XCTAssertNil(clock)
        kept?.2.cancel()
        XCTAssertEqual(try failure { try XCTUnwrap(kept).1.markers() }, .Closed)
    }

    func testAPortThatShutsTheEngineDownIsNotPulledFromUnderTheCall() throws {
        let engine = Shared<Engine?>(nil)
        let counter = try Counter(line: Line { _ in
            engine.with { $0 }?.shutDown()
            return SendReport(answer: .notSent(reason: "offline"), serverTime: nil)
        })
        engine.with { $0 = counter.engine }
        _ = try counter.ana.sendText(attendanceId: counter.attendance, body: "Oi")
        XCTAssertEqual(try failure { try counter.engine.pump() }, .Closed)
    }

    func testManyThreadsAtOnceLoseNothing() throws {
        let store = try Store.sqlite(path: temporaryFolder(self) + "/guiche.db", options: StoreOptions(durability: .normal))
        let counter = try Counter(store: store)
        let (threads, each) = (8, 25)
        let failures = Shared<[String]>([])
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for turn in 0..<each {
                do {
                    _ = try counter.ana.sendText(attendanceId: counter.attendance, body: "\(thread).\(turn)", requestId: "\(thread).\(turn)")
                    _ = try counter.ana.inbox(filter: InboxFilter(days: .any))
                    _ = try counter.engine.pump(limit: 3)
                } catch {
                    failures.with { $0.append("\(error)") }
                }
            }
        }
        // What WhatsApp takes for one person is limited: the rest goes as time passes.
        for _ in 0..<100 where counter.line.jobs.now.count < threads * each {
            counter.clock.set(now: counter.clock.time().addingTimeInterval(60))
            _ = try counter.engine.pump()
        }
        XCTAssertEqual(failures.now, [])
        let bodies = counter.line.jobs.now.map(\.content.words)
        XCTAssertEqual(bodies.count, threads * each)
        XCTAssertEqual(Set(bodies).count, threads * each)
        let said = try counter.ana.messages(of: counter.attendance, page: 7).all().map(\.message.content.words)
        XCTAssertEqual(said.count, threads * each + 1)
        XCTAssertEqual(Set(said), Set(bodies).union(["Oi"]))
    }

    func testThreadsThatCallWhileTheEngineIsShutDownAreAnswered() throws {
        let counter = try Counter()
        let closed = Shared(0)
        DispatchQueue.concurrentPerform(iterations: 9) { thread in
            if thread == 4 {
                counter.engine.shutDown()
                return
            }
            for _ in 0..<200 {
                do {
                    _ = try counter.ana.inbox(filter: InboxFilter(days: .any))
                } catch GuicheError.Closed {
                    closed.with { $0 += 1 }
                    return
                } catch {
                    XCTFail("\(error)")
                }
            }
        }
        XCTAssertEqual(try failure { try counter.engine.head() }, .Closed)
    }

    func testACallFromAThreadThatTheAppRefusesIsAnErrorThere() throws {
        let counter = try Counter()
        counter.engine.refuseThisThread()
        XCTAssertEqual(try failure { try counter.engine.head() }.code(), "foreign")
        XCTAssertEqual(try failure { try counter.ana.markers() }.code(), "foreign")
        let (found, over) = (Shared<Int64?>(nil), DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            found.with { $0 = try? counter.engine.head() }
            over.signal()
        }
        over.wait()
        XCTAssertNotNil(found.now)
        counter.engine.shutDown()
    }

    func testAPanicInRustIsAnErrorAndTheEngineGoesOn() throws {
        let store = Store.memory()
        let counter = try Counter(store: store)
        _ = try counter.ana.sendText(attendanceId: counter.attendance, body: "Oi")
        let port = ScriptedPort()
        try port.tell(script: "{\"send\":{\"hold\":true}}")
        let platform = PlatformOf(kind: .whatsApp, platform: .scripted(port: port, appSecret: "secret"))
        let other = try Engine.open(
            store: store,
            options: EngineOptions(platforms: [platform], clock: counter.clock.asClock(), ids: SequenceIds(first: 900_000).asIds()))
        let (ended, over) = (Shared<(any Error)?>(nil), DispatchSemaphore(value: 0))
        Thread.detachNewThread {
            do { _ = try other.pump() } catch { ended.with { $0 = error } }
            over.signal()
        }
        while !port.waitHeld(milliseconds: 5) {}
        // Whoever waits for the port unwinds as in a panic.
        port.abandon()
        over.wait()
        XCTAssertNotNil(ended.now)
        XCTAssertFalse(ended.now is GuicheError)
        _ = try other.admin().createTag(name: "depois")
        guard case .inFlight = try counter.ana.messages(of: counter.attendance).all().compactMap(\.delivery).first?.state else {
            return XCTFail("the attempt was not written down")
        }
        // What was built in Rust outlives the engine that used it.
        other.shutDown()
        XCTAssertFalse(port.willHold())
        XCTAssertTrue(port.takeSent().contains("Oi"))
    }

    func testADatabaseIsOpenedAgainAsItWasLeft() throws {
        let path = try temporaryFolder(self) + "/guiche.db"
        let counter = try Counter(store: Store.sqlite(path: path))
        let digest = try counter.engine.stateDigest()
        counter.engine.shutDown()
        let again = try Engine.open(store: Store.sqlite(path: path), options: EngineOptions())
        XCTAssertEqual(try again.stateDigest(), digest)
        XCTAssertEqual(try again.deskOf(login: "ana").attendantId(), counter.ana.attendantId())
        let copy = try temporaryFolder(self) + "/cópia.db"
        try Store.sqlite(path: path).backupTo(path: copy)
        XCTAssertEqual(try Engine.open(store: Store.sqlite(path: copy), options: EngineOptions()).stateDigest(), digest)
    }
}
