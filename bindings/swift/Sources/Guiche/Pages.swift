import Foundation

/// The rows of a list, fetched a page at a time as they are asked for.
///
/// A page is fetched when its first row is needed, so taking ten rows of a million costs one page. Each row comes as a `Result`,
/// since fetching a page may fail; after a failure there are no more rows.
///
/// ```swift
/// for row in desk.messages(of: attendance).prefix(200) {
///     let shown = try row.get()
/// }
/// ```
///
/// Rows that do not change while one reads come exactly once, whatever arrives meanwhile: pages continue after a row and not at a
/// number. To go through again, ask the desk again.
public struct Pages<Row>: Sequence, IteratorProtocol {
    /// The rows of one page, and how the next one is fetched; nil after the last.
    struct Page {
        let rows: [Row]
        let next: (() throws -> Page)?
    }

    private var rows: ArraySlice<Row> = []
    private var more: (() throws -> Page)?

    init(_ first: @escaping () throws -> Page) {
        more = first
    }

    public mutating func next() -> Result<Row, any Error>? {
        while rows.isEmpty {
            guard let fetch = more else { return nil }
            more = nil
            do {
                let page = try fetch()
                rows = page.rows[...]
                more = page.next
            } catch {
                return .failure(error)
            }
        }
        return rows.popFirst().map { .success($0) }
    }

    /// Every row that is left, at most `limit` of them, in one array.
    ///
    /// - Throws: what fetching a page throws.
    public func all(limit: Int = .max) throws -> [Row] {
        var found: [Row] = []
        for row in self {
            if found.count >= limit { break }
            found.append(try row.get())
        }
        return found
    }
}

extension Desk {
    /// The cards of a list, in its order, from the filter's cursor on. The filter's `limit` is the size of a page.
    public func cards(_ filter: InboxFilter = InboxFilter()) -> Pages<Card> {
        Pages { try self.cardPage(filter) }
    }

    private func cardPage(_ filter: InboxFilter) throws -> Pages<Card>.Page {
        let page = try inbox(filter: filter)
        return .init(rows: page.cards, next: page.next.map { next in { try self.cardPage(filter.from(next)) } })
    }

    /// The messages of an attendance, the newest first, `page` of them at a time.
    public func messages(of attendance: AttendanceId, page: UInt32 = 50) -> Pages<ShownMessage> {
        Pages { try self.messagePage(attendance, before: nil, limit: page) }
    }

    private func messagePage(
        _ attendance: AttendanceId, before: MessagePlace?, limit: UInt32
    ) throws -> Pages<ShownMessage>.Page {
        let rows = try messages(id: attendance, before: before, limit: limit)
        // The engine caps a page that is too large, so only an empty one is past the end.
        return .init(rows: rows, next: rows.last.map { last in
            { try self.messagePage(attendance, before: last.message.place, limit: limit) }
        })
    }

    /// What happened to an attendance, the newest first, `page` events at a time.
    public func timeline(of attendance: AttendanceId, page: UInt32 = 50) -> Pages<Event> {
        Pages { try self.eventPage(attendance, before: nil, limit: page) }
    }

    private func eventPage(_ attendance: AttendanceId, before: UInt32?, limit: UInt32) throws -> Pages<Event>.Page {
        let rows = try timeline(id: attendance, before: before, limit: limit)
        return .init(rows: rows, next: rows.last?.position.map { position in
            { try self.eventPage(attendance, before: position, limit: limit) }
        })
    }

    /// What changed in this desk's sight after `cursor`, up to now, `page` changes at a time. Each comes with the cursor after
    /// which to go on once it has been dealt with.
    public func changes(after cursor: Int64, page: UInt32 = 100) -> Pages<Change> {
        Pages { try self.changePage(after: cursor, limit: page) }
    }

    private func changePage(after cursor: Int64, limit: UInt32) throws -> Pages<Change>.Page {
        let feed = try changesSince(cursor: cursor, limit: limit)
        let rows = feed.changes.map { change in
            switch change {
            case .event(let event): Change(cursor: event.seq, what: change)
            case .gone(let seq, _), .stale(let seq): Change(cursor: seq, what: change)
            }
        }
        // A page may show nothing of what it went past.
        let done = feed.next <= cursor
        return .init(rows: rows, next: done ? nil : { try self.changePage(after: feed.next, limit: limit) })
    }
}

/// A change in the sight of a desk.
public struct Change: Equatable, Hashable, Sendable {
    /// Where to go on once this has been dealt with.
    public let cursor: Int64
    /// What changed.
    public let what: DeskChange
}

extension Engine {
    /// Every event after `cursor`, up to now, without gaps, `page` of them at a time: the host's feed.
    public func events(after cursor: Int64, page: UInt32 = 100) -> Pages<Event> {
        Pages { try self.eventPage(after: cursor, limit: page) }
    }

    private func eventPage(after cursor: Int64, limit: UInt32) throws -> Pages<Event>.Page {
        let rows = try changesSince(cursor: cursor, limit: limit)
        return .init(rows: rows, next: rows.last.map { last in { try self.eventPage(after: last.seq, limit: limit) } })
    }
}

extension InboxFilter {
    /// The same list, from a page's `next` on. What the side bar counts comes with the first page only.
    fileprivate func from(_ cursor: String) -> InboxFilter {
        InboxFilter(
            trash: trash, phases: phases, statusId: statusId, typeId: typeId, departmentId: departmentId,
            assignees: assignees, unassigned: unassigned, channels: channels, platforms: platforms, contactId: contactId,
            tags: tags, markers: markers, unseen: unseen, snoozed: snoozed, days: days, zone: zone, text: text,
            counts: false, cursor: cursor, limit: limit)
    }
}
