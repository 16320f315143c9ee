package org.wucme.cli.agent;

import java.time.Clock;
import org.wucme.cli.report.ManagerWatch;

/**
 * What stays the same in this process while its settings change and one agent replaces another.
 *
 * @param log is also kept in its file, while the agent is active
 * @param watch counts what the agents do
 * @param role whether this process is the active one
 * @param clock tells the time, and the zone in which it is shown
 * @param giveUp is called when this process can do its work no more
 */
public record Residence(AgentLog log, ManagerWatch watch, ActiveRole role, Clock clock, Runnable giveUp) {}
