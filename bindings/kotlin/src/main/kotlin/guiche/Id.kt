package guiche

/**
 * The id of something. An id of one kind is not an id of another: `AttendanceId` is `Id<OfAttendance>`.
 *
 * Time-ordered 64-bit numbers, unique over every device of an account (ADR 0002).
 */
@JvmInline
value class Id<Of>(val raw: Long) : Comparable<Id<Of>> {
    override fun compareTo(other: Id<Of>): Int = raw.compareTo(other.raw)

    override fun toString(): String = raw.toString()
}

/** What a `ChannelId` is of. */
sealed interface OfChannel

/** What a `DepartmentId` is of. */
sealed interface OfDepartment

/** What an `AttendantId` is of. */
sealed interface OfAttendant

/** What a `StatusId` is of. */
sealed interface OfStatus

/** What an `AttendanceTypeId` is of. */
sealed interface OfAttendanceType

/** What a `TagId` is of. */
sealed interface OfTag

/** What a `ContactId` is of. */
sealed interface OfContact

/** What an `IdentityId` is of. */
sealed interface OfIdentity

/** What an `AttendanceId` is of. */
sealed interface OfAttendance

/** What a `MessageId` is of. */
sealed interface OfMessage

/** What a `DeliveryId` is of. */
sealed interface OfDelivery

/** What a `TemplateId` is of. */
sealed interface OfTemplate

/** What a `NoteId` is of. */
sealed interface OfNote

/** What a `QuarantineId` is of. */
sealed interface OfQuarantine

/** What a `MarkerId` is of. */
sealed interface OfMarker

/** What a `GalleryItemId` is of. */
sealed interface OfGalleryItem

/** What a `TaskId` is of. */
sealed interface OfTask

/** What an `ExternalLinkId` is of. */
sealed interface OfExternalLink

/** What a `ServiceTicketId` is of. */
sealed interface OfServiceTicket

/** What a `CannedReplyId` is of. */
sealed interface OfCannedReply

/** What a `DraftId` is of. */
sealed interface OfDraft

/** What a `MergeId` is of. */
sealed interface OfMerge

/** What an `ErasureId` is of. */
sealed interface OfErasure

/** What a `HoldId` is of. */
sealed interface OfHold
