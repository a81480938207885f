//! What both sides are asked.

/// A place in a list: the last activity and the id.
pub(crate) type Place = (i64, i64);

/// Which attendances a page shows; everything left out means any open one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) finished: bool,
    pub(crate) department: Option<u64>,
    pub(crate) agent: Option<u64>,
    pub(crate) channel: Option<u64>,
    pub(crate) tag: Option<u64>,
    /// A condition that none fulfils: all open ones are walked.
    pub(crate) nothing: bool,
    /// As an attendant of three departments sees it, not the host.
    pub(crate) desk: bool,
    /// Only what that attendant has not seen.
    pub(crate) unseen: bool,
    /// Half-way down the list.
    pub(crate) deep: bool,
}

/// What is read, by the name that it has in the table.
pub(crate) fn reads() -> Vec<(&'static str, Read)> {
    let page = |filter: Filter| Read::Page(filter);
    let any = Filter::default;
    vec![
        ("page, all open", page(any())),
        ("page, next by keyset", page(Filter { deep: true, ..any() })),
        ("page, department", page(Filter { department: Some(1), ..any() })),
        ("page, rare department", page(Filter { department: Some(11), ..any() })),
        ("page, agent", page(Filter { agent: Some(3), ..any() })),
        ("page, channel", page(Filter { channel: Some(2), ..any() })),
        ("page, tag", page(Filter { tag: Some(0), ..any() })),
        ("page, rare tag", page(Filter { tag: Some(79), ..any() })),
        ("page, nothing matches", page(Filter { nothing: true, ..any() })),
        ("page, an attendant's", page(Filter { desk: true, ..any() })),
        ("page, an attendant's unseen", page(Filter { desk: true, unseen: true, ..any() })),
        ("page, finished", page(Filter { finished: true, ..any() })),
        ("page, finished, half-way", page(Filter { finished: true, deep: true, ..any() })),
        ("side bar, any day", Read::Numbers { today: false }),
        ("side bar, today", Read::Numbers { today: true }),
        (MORNING, Read::Morning),
        ("last 50 messages", Read::Messages),
        ("timeline of 50", Read::Timeline),
        ("overview", Read::Overview),
        ("100 changes", Read::Changes),
        ("search, common word", Read::Search(crate::data::COMMON_WORD)),
        ("search, rare word", Read::Search(crate::data::RARE_WORD)),
        ("search, 3 letters", Read::Search(crate::data::THREE_LETTERS)),
    ]
}

/// What an attendant sees first: today's cards, and all numbers of the same moment.
pub(crate) const MORNING: &str = "an attendant's today, with all numbers";

/// Something that is read.
#[derive(Debug, Clone)]
pub(crate) enum Read {
    Page(Filter),
    Numbers { today: bool },
    Morning,
    Messages,
    Timeline,
    Overview,
    Changes,
    Search(&'static str),
}
