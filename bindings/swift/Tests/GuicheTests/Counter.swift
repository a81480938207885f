import Foundation
import Guiche
import XCTest

/// Something that threads share, under a lock.
final class Shared<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    @discardableResult
    func with<Result>(_ work: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try work(&value)
    }

    var now: Value { with { $0 } }
}

/// 2026-11-23 12:00:00 UTC.
let noon = Date(timeIntervalSince1970: 1_795_435_200)

/// Ports that do what closures say.
final class Line: MessagingPort, InboundDecoder, TemplateSource, MediaTransfer, @unchecked Sendable {
    private let answer: @Sendable (SendJob) throws -> SendReport
    let jobs = Shared<[SendJob]>([])
    /// What `decode` gives for the next delivery.
    let items = Shared<[InboundItem]>([])
    let decoding = Shared<(any Error)?>(nil)

    init(
        answer: @escaping @Sendable (SendJob) throws -> SendReport = { job in
            SendReport(answer: .accepted(wamid: "wamid.\(job.deliveryId)", paced: false, waId: nil, userId: nil), serverTime: nil)
        }
    ) {
        self.answer = answer
    }

    func send(job: SendJob) throws -> SendReport {
        jobs.with { $0.append(job) }
        return try answer(job)
    }

    func markRead(channel: Channel, wamid: String, typing: Bool) throws {
        throw PortError.Platform(error: PlatformError(code: 131_000, class: .wait, title: "t", details: "d", httpStatus: 500))
    }

    func verify(body: Data, signature: String?) throws -> SignatureError? {
        signature == "good" ? nil : .wrong
    }

    func decode(body: Data) throws -> [InboundItem] {
        if let error = decoding.now { throw error }
        return items.now
    }

    func content(raw: String) throws -> Content? { nil }

    func page(channel: Channel, cursor: String?) throws -> TemplatePage {
        throw PortError.Network(reason: "no_route")
    }

    func upload(channel: Channel, file: FileUpload) throws -> UploadedMedia {
        UploadedMedia(mediaId: "media-1", lifetime: 3_600)
    }

    func fetch(channel: Channel, mediaId: String, limit: UInt64, path: String) throws -> FetchedMedia {
        throw PortError.HostNotAllowed
    }

    var platform: Platform {
        .ofPorts(ports: PlatformPorts(messaging: self, decoder: self, templates: self, media: self))
    }
}

/// What a port throws that it did not declare.
struct Undeclared: Error {}

/// A company with Ana in sales, a channel, and Maria whose window is open.
struct Counter {
    let line: Line
    let clock: ManualClock
    let engine: Engine
    let ana: Desk
    let channel: Channel
    let maria: ContactEntry
    let attendance: AttendanceId

    init(
        store: Store = .memory(), line: Line = Line(), modules: ModulesPort? = nil, clock: Clock? = nil,
        ids: IdSource? = nil, jitter: Jitter? = nil, media: MediaStore? = nil
    ) throws {
        self.line = line
        let manual = ManualClock(start: noon)
        self.clock = manual
        engine = try Engine.open(
            store: store,
            options: EngineOptions(
                platforms: [PlatformOf(kind: .whatsApp, platform: line.platform)], modules: modules,
                clock: clock ?? manual.asClock(), ids: ids ?? SequenceIds(first: 1_001).asIds(),
                jitter: jitter ?? SeededJitter(seed: 7).asJitter(), media: media))
        let admin = engine.admin()
        _ = try admin.setAccount(account: .named("Imobiliária Aurora").with(timeZone: "America/Sao_Paulo"))
        let sales = try admin.createDepartment(command: CreateDepartment(name: "Vendas", reopen: .never)).outcome
        channel = try admin.createChannel(
            command: CreateChannel(
                kind: .whatsApp, name: "WhatsApp", numberId: "200000000000002", wabaId: "300000000000001",
                defaultDepartment: sales.id)).outcome
        let attendant = try admin.createAttendant(
            command: CreateAttendant(
                name: "Ana", login: "ana", role: "attendant", departments: [Membership(departmentId: sales.id)])).outcome
        ana = try engine.desk(attendant: attendant.id)
        maria = try ana.createContact(
            contact: CreateContact(channelId: channel.id, name: "Maria Souza", phone: "+5511987654321")).outcome
        line.items.with { $0 = [Counter.text("Oi", wamid: "wamid.first", at: noon)] }
        let report = try engine.ingest(kind: .whatsApp, body: Data("{}".utf8), signature: "good")
        attendance = try XCTUnwrap(report.items.first?.attendanceId)
        _ = try ana.claim(attendanceId: attendance)
    }

    /// A text from Maria.
    static func text(_ body: String, wamid: String, at: Date) -> InboundItem {
        InboundItem(
            path: "entry[0]", route: Route(kind: .whatsApp, numberId: "200000000000002"),
            element: .message(
                InboundMessage(
                    wamid: wamid, sender: Handles(waId: "5511987654321", profileName: "Maria"), timestamp: at, activity: .message,
                    content: .text(body: body, previewUrl: false), forwarded: false, errors: [])),
            raw: "{\"text\":\"\(wamid)\"}")
    }

    /// Takes in a text from Maria.
    @discardableResult
    func hears(_ body: String, wamid: String) throws -> IngestReport {
        line.items.with { $0 = [Counter.text(body, wamid: wamid, at: clock.time())] }
        return try engine.ingest(kind: .whatsApp, body: Data(body.utf8), signature: "good")
    }
}

/// A folder for the length of a test.
func temporaryFolder(_ test: XCTestCase) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("guiche-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    test.addTeardownBlock { try? FileManager.default.removeItem(at: folder) }
    return folder.path
}

/// The error of the API that some work ends with.
func failure<T>(file: StaticString = #filePath, line: UInt = #line, _ work: () throws -> T) throws -> GuicheError {
    do {
        _ = try work()
    } catch let error as GuicheError {
        return error
    }
    XCTFail("no error of the API", file: file, line: line)
    throw Undeclared()
}
