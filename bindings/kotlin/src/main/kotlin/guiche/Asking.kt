package guiche

import java.time.Duration
import java.time.Instant

// What core has as methods of its values. Each crosses the border once (see the README, "What a call costs").

/** Whether it is open: neither finished nor in the trash. */
fun Attendance.isOpen(): Boolean = attendanceIsOpen(this)

/** Whether something in it is unseen by the attendant whose mark this is; none for one who never opened it. */
fun Attendance.isUnseen(mark: SeenMark?): Boolean = attendanceIsUnseen(this, mark)

/** The name under which a contact is shown: the one that staff gave, else that of their profile. */
fun Contact.name(): String = contactName(this)

/** The kind of a content, as one stable word. */
fun Content.kind(): String = contentKind(this)

/** What a content says in words; empty where it has none. */
fun Content.text(): String = contentText(this)

/** The main file of a content. */
fun Content.media(): MediaContent? = contentMedia(this)

/** Where a message stands in the order in which a conversation is shown: the next older page begins before it. */
fun Message.place(): MessagePlace = messagePlace(this)

/** The rules that a platform has unless a channel has others. */
fun ChannelKind.rules(): ChannelRules = channelKindRules(this)

/** The first response of an episode, whoever gave it. */
fun Episode.firstResponse(): Response? = episodeFirstResponse(this)

/** The first response of an episode that a person gave. */
fun Episode.firstResponseByPerson(): Response? = episodeFirstResponseByPerson(this)

/** From an episode's begin to its end, if it ended. */
fun Episode.resolution(): Duration? = episodeResolution(this)

/** How long the contact waited for a response. */
fun Response.waited(): Duration = responseWaited(this)

/** The version of a gallery's item that a send takes now. */
fun GalleryItem.current(): GalleryVersion? = galleryItemCurrent(this)

/** A stored file as the content of a message. */
fun MediaFile.content(kind: MediaKind, caption: String? = null): Content = mediaFileContent(this, kind, caption)

/** Until when a window is open; none when it is not, or has no end. */
fun ServiceWindow.until(): Instant? = serviceWindowUntil(this)

/** Whether a window permits free-form messages. */
fun ServiceWindow.allowsFreeForm(): Boolean = serviceWindowAllowsFreeForm(this)

/** How long a window is still open at [now]; none when it is not, or has no end. */
fun ServiceWindow.remaining(now: Instant): Duration? = until()?.let { Duration.between(now, it) }?.takeUnless { it.isNegative }

/** Whether a task is due and not done. */
fun Task.isOverdue(now: Instant): Boolean = taskIsOverdue(this, now)

/** Whether a template may be sent. */
fun Template.isSendable(): Boolean = templateIsSendable(this)

/** Whether a difference of templates holds nothing to apply. */
fun TemplateDiff.isEmpty(): Boolean = templateDiffIsEmpty(this)

/** A transcript as plain text for the contact's eyes. */
fun Transcript.plain(): String = transcriptPlain(this)

/**
 * Rows of attendances as CSV in UTF-8, with a line of column names if [heading].
 */
@JvmName("attendancesCsv")
fun List<AttendanceRow>.csv(heading: Boolean = true): String = attendanceRowsCsv(this, heading)

/**
 * Rows of messages as CSV in UTF-8, with a line of column names if [heading].
 */
@JvmName("messagesCsv")
fun List<MessageRow>.csv(heading: Boolean = true): String = messageRowsCsv(this, heading)
