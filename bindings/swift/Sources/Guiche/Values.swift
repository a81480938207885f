import Foundation

// What the engine knows about its own values, as members of them.

extension Account {
    /// An account of that name, with the settings that an engine has by itself.
    public static func named(_ name: String) -> Account { accountNamed(name: name) }

    /// The account with what is given changed.
    public func with(
        name: String? = nil, locale: GuicheLocale? = nil, timeZone: String? = nil, attendantsSeeDepartment: Bool? = nil,
        finishRequires: [FinishRequirement]? = nil, windowNotice: TimeInterval? = nil, outbox: OutboxSettings? = nil,
        files: FileSettings? = nil
    ) -> Account {
        Account(
            name: name ?? self.name, locale: locale ?? self.locale, timeZone: timeZone ?? self.timeZone,
            attendantsSeeDepartment: attendantsSeeDepartment ?? self.attendantsSeeDepartment,
            finishRequires: finishRequires ?? self.finishRequires, windowNotice: windowNotice ?? self.windowNotice,
            outbox: outbox ?? self.outbox, files: files ?? self.files)
    }
}

extension Attendance {
    /// Whether it is open: neither finished nor in the trash.
    public var isOpen: Bool { attendanceIsOpen(attendance: self) }

    /// Whether something in it is unseen by the attendant whose mark this is; nil for one who never opened it.
    public func isUnseen(by mark: SeenMark?) -> Bool { attendanceIsUnseen(attendance: self, mark: mark) }
}

extension Contact {
    /// The name under which they are shown: the one that staff gave, else that of their profile.
    public var name: String { contactName(contact: self) }
}

extension Content {
    /// The kind, as one stable word.
    public var kind: String { contentKind(content: self) }

    /// What it says in words; empty where it has none.
    public var words: String { contentText(content: self) }

    /// Its main file.
    public var mainFile: MediaContent? { contentMedia(content: self) }
}

extension ChannelKind {
    /// The rules that the platform has unless a channel has others.
    public var rules: ChannelRules { channelKindRules(kind: self) }
}

extension Episode {
    /// The first response, whoever gave it.
    public var firstResponse: Response? { episodeFirstResponse(episode: self) }

    /// The first response that a person gave.
    public var firstResponseByPerson: Response? { episodeFirstResponseByPerson(episode: self) }

    /// From its begin to its end, in seconds, if it ended.
    public var resolution: TimeInterval? { episodeResolution(episode: self) }
}

extension Response {
    /// How long the contact waited for it, in seconds.
    public var waited: TimeInterval { responseWaited(response: self) }
}

extension FileState {
    /// What became of a contact's file, in a sentence for a person.
    public func explain(_ locale: GuicheLocale) -> String { fileStateExplain(state: self, locale: locale) }
}

extension Delivery {
    /// What to tell the attendant about it: why it failed, why it waits for another try, or why it is held; nil where there is
    /// nothing of these to tell. The same error reads otherwise while the engine goes on trying and once it has given up.
    public func advice(_ locale: GuicheLocale) -> String? { deliveryAdvice(delivery: self, locale: locale) }
}

extension PlatformError {
    /// What to tell the attendant about it where nothing is tried again by itself. Of a message, `Delivery.advice` knows
    /// whether it is; of a code alone, `platformAdvice(code:locale:)`.
    public func advice(_ locale: GuicheLocale) -> String { platformAdvice(code: code, locale: locale) }
}

extension HeldReason {
    /// Why a message is held, in a sentence for a person.
    public func explain(_ locale: GuicheLocale) -> String { heldReasonExplain(reason: self, locale: locale) }
}

extension Fit {
    /// What to do about a file that does not fit, in a sentence for a person.
    public func advice(_ locale: GuicheLocale) -> String { fitAdvice(fit: self, locale: locale) }
}

extension GalleryItem {
    /// The version that a send takes now.
    public var current: GalleryVersion? { galleryItemCurrent(item: self) }
}

extension MediaFile {
    /// The stored file as the content of a message.
    public func content(as kind: MediaKind, caption: String? = nil) -> Content {
        mediaFileContent(file: self, kind: kind, caption: caption)
    }
}

extension Message {
    /// Its place in display order: `Desk.messages(before:)` gives those before it.
    public var place: MessagePlace { messagePlace(message: self) }
}

extension ServiceWindow {
    /// Until when it is open; nil when it is not, or has no end.
    public var until: Date? { serviceWindowUntil(window: self) }

    /// Whether it permits free-form messages.
    public var allowsFreeForm: Bool { serviceWindowAllowsFreeForm(window: self) }
}

extension GuicheTask {
    /// Whether it is due and not done.
    public func isOverdue(at now: Date) -> Bool { taskIsOverdue(task: self, now: now) }
}

extension Template {
    /// Whether it may be sent.
    public var isSendable: Bool { templateIsSendable(template: self) }
}

extension TemplateDiff {
    /// Whether it holds nothing to apply.
    public var isEmpty: Bool { templateDiffIsEmpty(diff: self) }
}

extension TemplateParameters {
    /// Parameters by their places in the body.
    public static func positional(_ values: [String]) -> TemplateParameters { positionalParameters(values: values) }

    /// Parameters by their names in the body.
    public static func named(_ values: [String: String]) -> TemplateParameters { namedParameters(values: values) }
}

extension Transcript {
    /// The transcript as plain text for the contact's eyes.
    public func plain() -> String { transcriptPlain(transcript: self) }
}

extension Sequence where Element == AttendanceRow {
    /// The rows as CSV in UTF-8, with a line of column names if `heading`.
    public func csv(heading: Bool = true) throws -> String {
        try attendanceRowsCsv(rows: Array(self), heading: heading)
    }
}

extension Sequence where Element == MessageRow {
    /// The rows as CSV in UTF-8, with a line of column names if `heading`.
    public func csv(heading: Bool = true) throws -> String {
        try messageRowsCsv(rows: Array(self), heading: heading)
    }
}
