package guiche

// Long lists as sequences: a page is read when it is needed, and each page costs one call. A page is a state of its own: what
// arrives between two pages neither repeats nor hides a row that did not change (K-06). What a call throws, the step that
// needed its page throws.

/** How many rows a page has unless it is said otherwise. */
private const val PAGE = 50u

/** The most that a call gives, whatever it is asked for. */
private const val LARGEST_PAGE = 500u

/** Rows page by page, until a page is not full: [read] gets the last row of the page before, and how many are wanted. */
private fun <Row : Any> pages(size: UInt, read: (Row?, UInt) -> List<Row>): Sequence<Row> = sequence {
    val wanted = size.coerceIn(1u, LARGEST_PAGE)
    var last: Row? = null
    do {
        val page = read(last, wanted)
        yieldAll(page)
        last = page.lastOrNull()
    } while (last != null && page.size.toUInt() >= wanted)
}

/** Rows page by page, as long as a page says where the next one begins. */
private fun <Row : Any, Page> cursors(read: (String?) -> Page, rows: (Page) -> List<Row>, next: (Page) -> String?): Sequence<Row> =
    sequence {
        var cursor: String? = null
        do {
            val page = read(cursor)
            yieldAll(rows(page))
            cursor = next(page)
        } while (cursor != null)
    }

/** All messages of an attendance, newest first. */
fun Desk.allMessages(id: AttendanceId, page: UInt = PAGE): Sequence<ShownMessage> =
    pages(page) { last, limit -> messages(id, last?.message?.place(), limit) }

/** Everything that happened in an attendance, newest first. */
fun Desk.wholeTimeline(id: AttendanceId, page: UInt = PAGE): Sequence<Event> =
    pages(page) { last, limit -> timeline(id, last?.position, limit) }

/** All notes of an attendance, newest first. */
fun Desk.allNotes(id: AttendanceId, page: UInt = PAGE): Sequence<ShownNote> =
    pages(page) { last, limit -> notes(id, last?.note?.position, limit) }

/** All cards of the Central that a filter lets through; its cursor is where they begin. */
fun Desk.allCards(filter: InboxFilter): Sequence<Card> =
    cursors({ cursor -> inbox(if (cursor == null) filter else filter.copy(cursor = cursor)) }, InboxPage::cards, InboxPage::next)

/** All items of the galleries that a filter lets through. */
fun Desk.allGalleryItems(filter: GalleryFilter): Sequence<GalleryItem> = cursors(
    { cursor -> galleryItems(if (cursor == null) filter else filter.copy(cursor = cursor)) },
    GalleryPage::items,
    GalleryPage::next,
)

/** All messages and notes that a search finds. */
fun Desk.allFound(filter: SearchFilter): Sequence<FoundEntry> =
    cursors({ cursor -> search(if (cursor == null) filter else filter.copy(cursor = cursor)) }, SearchPage::entries, SearchPage::next)

/** All notes that hold the words. */
fun Desk.allNotesWith(text: String, page: UInt = PAGE): Sequence<FoundNote> =
    cursors({ cursor -> searchNotes(text, cursor, page) }, NotePage::notes, NotePage::next)

/** A row for each attendance. */
fun Desk.allAttendanceRows(filter: ExportFilter, page: UInt = PAGE): Sequence<AttendanceRow> =
    cursors({ cursor -> exportAttendances(filter, cursor, page) }, AttendancePage::rows, AttendancePage::next)

/** A row for each message. */
fun Desk.allMessageRows(filter: ExportFilter, page: UInt = PAGE): Sequence<MessageRow> =
    cursors({ cursor -> exportMessages(filter, cursor, page) }, MessagePage::rows, MessagePage::next)

/** A row for each attendance, for the host's eyes. */
fun Engine.allAttendanceRows(filter: ExportFilter, page: UInt = PAGE): Sequence<AttendanceRow> =
    cursors({ cursor -> exportAttendances(filter, cursor, page) }, AttendancePage::rows, AttendancePage::next)

/** A row for each message, for the host's eyes. */
fun Engine.allMessageRows(filter: ExportFilter, page: UInt = PAGE): Sequence<MessageRow> =
    cursors({ cursor -> exportMessages(filter, cursor, page) }, MessagePage::rows, MessagePage::next)

/** Every event after [cursor], ascending and without gaps: the host's feed. It ends where the events end now. */
fun Engine.allChanges(cursor: Long, page: UInt = PAGE): Sequence<Event> =
    pages(page) { last, limit -> changesSince(last?.seq ?: cursor, limit) }

/**
 * What changed after [cursor] in what a desk sees, a page at a time, so that the number to go on from can be kept with
 * what was drawn ([DeskFeed.next]). It ends where the changes end now.
 */
fun Desk.allChanges(cursor: Long, page: UInt = PAGE): Sequence<DeskFeed> = sequence {
    var from = cursor
    while (true) {
        val feed = changesSince(from, page)
        if (feed.next == from) break
        yield(feed)
        from = feed.next
    }
}
