import Foundation
import Guiche

// The operations that take or give what no JSON tells, by hand (`ffi-tests/DRIVERS.md`, "A few are special").

func specialOperation(
    _ engine: Engine, of engineName: String, in world: World, _ name: String, _ args: [Any]
) throws -> Outcome? {
    switch name {
    case "fit":
        return try asked {
            try fitted(
                engine.fit(file: readMediaFile(args[0]), channel: Id(raw: id(args[1])), kind: maybe(args[2]) { try readMediaKind($0) }))
        }
    case "desk":
        let desk = try asked { try engine.desk(attendant: Id(raw: id(args[0]))) }
        return Outcome(json: desk.attendantId().map { quoted($0.raw) } ?? "null")
    case "pump":
        return try world.pump(engine, limit: count(args[0]))
    case "pump_modules":
        do {
            let report = try engine.pumpModules(limit: count(args[0]))
            return Outcome(json: try toJson(value: .ofModulesReport(value: report)))
        } catch let error as GuicheError {
            throw try Failed(error)
        } catch {
            // What the binding throws for a panic.
            return Outcome(json: "{\"died\":true}")
        }
    case "store_media":
        return try stored(engine, args)
    case "diff_templates_with":
        return try watched(args) { try engine.diffTemplatesWith(channel: Id(raw: id(args[0])), progress: $0) }
    case "sync_templates_with":
        return try watched(args) { try engine.syncTemplatesWith(channel: Id(raw: id(args[0])), progress: $0) }
    case "subscribe":
        return Outcome(json: String(try world.subscribe(engineName)))
    case "unsubscribe":
        world.unsubscribe(try number(args[0]))
        return .nothing
    case "close":
        engine.shutDown()
        return .nothing
    default:
        return nil
    }
}

func specialOperation(_ admin: Admin, _ name: String, _ args: [Any]) throws -> Outcome? {
    switch name {
    case "kept":
        let rows = try admin.kept(after: maybe(args[0]) { Id(raw: try id($0)) }, limit: count(args[1]))
        return Outcome(json: try joined(rows.map { row in
            try written([
                "id": String(row.id.raw), "reason": row.reason, "quarantined": row.quarantined, "path": row.path,
                "raw": row.raw, "at": parsed(milliseconds(row.at)),
            ])
        }))
    case "unresolved":
        let rows = try admin.unresolved(limit: count(args[0]))
        return Outcome(json: try joined(rows.map { row in
            let whole = try parsed(toJson(value: .ofParked(value: row))) as? [String: Any]
            return try written([
                "channel_id": String(row.key.channelId.raw), "target": row.key.target,
                "fact": whole?["fact"] ?? NSNull(), "parked_at": parsed(milliseconds(row.parkedAt)),
                "expires_at": row.expiresAt.map { try parsed(milliseconds($0)) } ?? NSNull(),
            ])
        }))
    default:
        return nil
    }
}

func specialOperation(_ desk: Desk, _ name: String, _ args: [Any], _ request: String?) throws -> Outcome? {
    switch name {
    case "attendant_id":
        return Outcome(json: desk.attendantId().map { quoted($0.raw) } ?? "null")
    case "fit":
        return try fitted(
            desk.fit(file: readMediaFile(args[0]), channel: Id(raw: id(args[1])), kind: maybe(args[2]) { try readMediaKind($0) }))
    case "gallery_file":
        let file = try desk.galleryFile(id: Id(raw: id(args[0])), number: maybe(args[1]) { try count($0) })
        return Outcome(json: try toJson(value: .ofMediaFile(value: file.file)))
    case "message_file":
        let file = try desk.messageFile(messageId: Id(raw: id(args[0])))
        return Outcome(json: try toJson(value: .ofMediaFile(value: file.file)))
    case "open_message_file":
        let bytes = try desk.readMessageFile(messageId: Id(raw: id(args[0])), limit: UInt64(1) << 40)
        let text: Any = String(data: bytes, encoding: .utf8) ?? NSNull()
        return Outcome(json: try written(["size": bytes.count, "text": text]))
    case "change_tags":
        let done = try desk.changeTags(
            attendanceId: Id(raw: id(args[0])), add: list(args[1]).map { Id(raw: try id($0)) },
            remove: list(args[2]).map { Id(raw: try id($0)) }, requestId: request)
        return Outcome(json: try toJson(value: .ofAttendance(value: done.outcome)), repeated: done.repeated)
    default:
        return nil
    }
}

/// A fit, with what it advises.
private func fitted(_ fit: Fit) throws -> Outcome {
    var fields = try parsed(toJson(value: .ofFit(value: fit))) as? [String: Any] ?? [:]
    fields["advice"] = ["pt-BR": fit.advice(.ptBr), "en": fit.advice(.en)]
    return Outcome(json: try written(fields))
}

/// Stores the bytes that are given, and zeros up to the size that is said.
private func stored(_ engine: Engine, _ args: [Any]) throws -> Outcome {
    guard let told = args[0] as? [String: Any], let bytes = Data(base64Encoded: try text(told["base64"] ?? "")) else {
        throw Trouble(words: "not a file")
    }
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appendingPathComponent("guiche-driver-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: file) }
    try bytes.write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    try handle.truncate(atOffset: size(told["size"] ?? 0))
    try handle.close()
    let stored = try asked { try engine.storeMedia(path: file.path, filename: text(args[1])) }
    return Outcome(json: try toJson(value: .ofMediaFile(value: stored)))
}

/// Is told how a listing goes on, and says stop after so many pages, or never. A listing is of one thread.
private final class Steps: SyncProgress, @unchecked Sendable {
    private(set) var told: [SyncPage] = []
    private let until: Int?

    init(until: Int?) {
        self.until = until
    }

    func pageRead(progress: SyncPage) -> Bool {
        told.append(progress)
        return told.count != until
    }
}

/// A listing that is watched: the difference, and what its progress was told.
private func watched(_ args: [Any], _ listing: (SyncProgress) throws -> TemplateDiff) throws -> Outcome {
    let steps = Steps(until: try maybe(args[1]) { Int(try count($0)) })
    let diff = try toJson(value: .ofTemplateDiff(value: asked { try listing(steps) }))
    let told = joined(try steps.told.map { try toJson(value: .ofSyncPage(value: $0)) })
    return Outcome(json: "{\"diff\":\(diff),\"progress\":\(told)}")
}
