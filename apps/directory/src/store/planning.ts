/**
 * What PostgreSQL's planner is told on the directory's connections. A prepared statement keeps the plan that was right when its
 * tables were small, until they are next analysed: a table read whole, which costs more with every user. Where no index
 * helps, it is read all the same.
 */
export const PLANNING = { enable_seqscan: 'off' };
