import Foundation

/// The id of something. An id of one kind is not an id of another: `AttendanceId` is `Id<OfAttendance>`.
///
/// Time-ordered 64-bit numbers, unique over every device of an account (ADR 0002).
public struct Id<Of>: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let raw: Int64

    public init(raw: Int64) {
        self.raw = raw
    }

    public static func < (left: Id<Of>, right: Id<Of>) -> Bool {
        left.raw < right.raw
    }

    public var description: String {
        String(raw)
    }
}

/// What a `ChannelId` is of.
public enum OfChannel {}

/// What a `DepartmentId` is of.
public enum OfDepartment {}

/// What an `AttendantId` is of.
public enum OfAttendant {}

/// What a `StatusId` is of.
public enum OfStatus {}

/// What an `AttendanceTypeId` is of.
public enum OfAttendanceType {}

/// What a `TagId` is of.
public enum OfTag {}

/// What a `ContactId` is of.
public enum OfContact {}

/// What an `IdentityId` is of.
public enum OfIdentity {}

/// What an `AttendanceId` is of.
public enum OfAttendance {}

/// What a `MessageId` is of.
public enum OfMessage {}

/// What a `DeliveryId` is of.
public enum OfDelivery {}

/// What a `TemplateId` is of.
public enum OfTemplate {}

/// What a `NoteId` is of.
public enum OfNote {}

/// What a `QuarantineId` is of.
public enum OfQuarantine {}

/// What a `MarkerId` is of.
public enum OfMarker {}

/// What a `GalleryItemId` is of.
public enum OfGalleryItem {}

/// What a `TaskId` is of.
public enum OfTask {}

/// What an `ExternalLinkId` is of.
public enum OfExternalLink {}

/// What a `ServiceTicketId` is of.
public enum OfServiceTicket {}

/// What a `CannedReplyId` is of.
public enum OfCannedReply {}

/// What a `DraftId` is of.
public enum OfDraft {}

/// What a `MergeId` is of.
public enum OfMerge {}

/// What an `ErasureId` is of.
public enum OfErasure {}

/// What a `HoldId` is of.
public enum OfHold {}
