//! Node numbers of ids: each process or device leases one, so that ids made at the same moment differ.

use guiche_core::error::Error;
use guiche_core::time::Timestamp;
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::row::{int, one, run};

/// How many numbers there are (ADR 0002: 12 bits).
const NUMBERS: i64 = 4_096;

const NEXT_NEW: &str = "SELECT coalesce(max(number) + 1, 0) FROM node";
const LONGEST_OVER: &str = "SELECT number FROM node WHERE until_at <= ?1 ORDER BY until_at, number LIMIT 1";
const TAKE: &str = "INSERT INTO node (number, lease, until_at) VALUES (?1, 1, ?2) \
    ON CONFLICT (number) DO UPDATE SET lease = lease + 1, until_at = excluded.until_at";
const LEASE: &str = "SELECT lease FROM node WHERE number = ?1";
const RENEW: &str = "UPDATE node SET until_at = max(until_at, ?3) WHERE number = ?1 AND lease = ?2";

/// A leased node number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeLease {
    /// The number, for [`NodeIds::new`](guiche_core::id::NodeIds::new).
    pub number: u16,
    /// Until when it is nobody else's.
    pub until: Timestamp,
    lease: i64,
}

pub(crate) fn lease(conn: &Connection, now: Timestamp, until: Timestamp) -> Result<NodeLease, Fault> {
    let new = one(conn, NEXT_NEW, [], int)?.unwrap_or(0);
    let number = if new < NUMBERS {
        new
    } else {
        let over = one(conn, LONGEST_OVER, [now.as_millis()], int)?;
        over.ok_or_else(|| Error::store("no_node_free"))?
    };
    run(conn, TAKE, params![number, until.as_millis()])?;
    let lease = one(conn, LEASE, [number], int)?.ok_or(Fault::Unreadable)?;
    Ok(NodeLease { number: u16::try_from(number).map_err(|_| Fault::Unreadable)?, until, lease })
}

pub(crate) fn renew(conn: &Connection, held: NodeLease, until: Timestamp) -> Result<NodeLease, Fault> {
    if run(conn, RENEW, params![held.number, held.lease, until.as_millis()])? == 1 {
        Ok(NodeLease { until: held.until.max(until), ..held })
    } else {
        Err(Error::store("node_lease_lost").into())
    }
}
