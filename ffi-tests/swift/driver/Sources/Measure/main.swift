import Foundation
import Guiche

// `Measure prepare FILE` makes the database that is measured on; `Measure FILE` measures and prints one line of JSON,
// nanoseconds a call: the same calls as `bindings/uniffi/examples/calls.rs`, which measures them in Rust.

let words = "Bom dia! Confirmo a visita às 10 h."

/// 200 attendances, and 300 messages in the newest, on a number without a window.
func prepare(_ engine: Engine) throws {
    let (admin, desk) = (engine.admin(), try engine.backOffice())
    let department = try admin.createDepartment(command: CreateDepartment(name: "Vendas", reopen: .never)).outcome.id
    let known = ChannelKind.whatsApp.rules
    let rules = ChannelRules(
        window: nil, templates: known.templates, textLimit: known.textLimit, captionLimit: known.captionLimit,
        media: known.media, mediaLifetimes: known.mediaLifetimes, location: known.location, cardsLimit: known.cardsLimit,
        reactions: known.reactions, interactive: known.interactive, pairBudget: known.pairBudget,
        channelBudget: known.channelBudget)
    let channel = try admin.createChannel(
        command: CreateChannel(
            kind: .whatsApp, name: "Atendimento", numberId: "200000000000002", defaultDepartment: department, rules: rules)
    ).outcome.id
    for number in 0..<200 {
        let entry = try desk.createContact(
            contact: CreateContact(channelId: channel, name: "Cliente \(number)", phone: "55119\(10_000_000 + number)")).outcome
        let talk = try desk.createAttendance(
            command: CreateAttendance(contactId: entry.contact.id, channelId: channel)).outcome.attendance.id
        for turn in 0..<(number == 199 ? 300 : 1) { _ = try desk.sendText(attendanceId: talk, body: "\(words) (\(turn))") }
    }
}

/// How long this thread has been on a processor.
func processorTime() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// What one call takes of this thread's processor time, after some that warm up.
func nanoseconds(_ calls: Int, _ call: () throws -> Void) rethrows -> UInt64 {
    for _ in 0..<calls / 10 { try call() }
    let begun = processorTime()
    for _ in 0..<calls { try call() }
    return (processorTime() - begun) / UInt64(calls)
}

func measure(_ engine: Engine) throws {
    let desk = try engine.backOffice()
    let all = InboxFilter(days: .any, limit: 50)
    guard let talk = try desk.inbox(filter: all).cards.first?.id,
        let newest = try desk.messages(id: talk, limit: 1).first?.message.id
    else { throw CocoaError(.fileReadCorruptFile) }
    let figures = [
        ("no_op", nanoseconds(1_000_000) { _ = desk.attendantId() }),
        ("point_read", try nanoseconds(20_000) { _ = try desk.message(id: newest) }),
        ("page_of_50", try nanoseconds(2_000) { _ = try desk.messages(id: talk, limit: 50) }),
        ("inbox_of_50", try nanoseconds(4_000) { _ = try desk.inbox(filter: all) }),
        ("send", try nanoseconds(1_000) { _ = try desk.sendText(attendanceId: talk, body: words) }),
    ]
    print("{" + figures.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}")
}

let arguments = CommandLine.arguments.dropFirst()
guard let file = arguments.last else { fatalError("usage: Measure [prepare] FILE") }
let engine = try Engine.open(
    store: .sqlite(path: file, options: StoreOptions(durability: .normal)), options: EngineOptions())
if arguments.first == "prepare" { try prepare(engine) } else { try measure(engine) }
engine.shutDown()
