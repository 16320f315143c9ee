package org.wucme.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.challenges.ListenException;
import org.wucme.store.ActiveManager;
import org.wucme.store.CertificateStore;
import org.wucme.store.file.FileStore;

/** Tells the active agent of a store from other programs that have a port. */
public final class PortOwner {

    private static final Logger LOG = LoggerFactory.getLogger(PortOwner.class);

    private final ActiveAgent active;
    private final String host;

    private interface ActiveAgent {
        Optional<ActiveManager> find() throws IOException;
    }

    private PortOwner(ActiveAgent active, String host) {
        this.active = active;
        this.host = host;
    }

    /**
     * By a store.
     *
     * @param host the name of this machine
     */
    public PortOwner(CertificateStore store, String host) {
        this(store::active, host);
    }

    /** By the folder of the certificates, if it exists. */
    static PortOwner of(Globals globals) {
        return new PortOwner(
                () -> Files.isDirectory(globals.here())
                        ? FileStore.open(globals.here()).active()
                        : Optional.empty(),
                NotifyOptions.hostName());
    }

    /**
     * What to say of a port that cannot be had: if the agent has it, that it is the agent, instead of advice to stop another
     * program.
     *
     * @param advice what to do if it is the agent
     */
    public ListenException explain(ListenException refusal, String advice) {
        return refusal.reason() == ListenException.Reason.PORT_IN_USE
                ? agentAt(refusal.port())
                        .map(agent -> refusal.usedBy(describe(agent), advice))
                        .orElse(refusal)
                : refusal;
    }

    /**
     * As {@link #explain}, to the agent itself, which may have the port for another purpose.
     *
     * @param advice what to do if it is another agent of the store
     */
    public ListenException explainToAgent(ListenException refusal, String advice) {
        return isOurs(refusal)
                ? refusal.usedBy(
                        "this agent itself",
                        "http-01, tls-alpn-01 and the report need a port each (--http-port, --tls-port, --report-port)")
                : explain(refusal, advice);
    }

    private static boolean isOurs(ListenException refusal) {
        return refusal.reason() == ListenException.Reason.PORT_IN_USE
                && ListeningSockets.at(refusal.port())
                        .belongTo(ProcessHandle.current().pid());
    }

    /** Who has a port that is in use, in words. */
    String at(int port) {
        return agentInWords(port).orElse("another program");
    }

    /** The agent, in words, if it has a port; else empty. */
    public Optional<String> agentInWords(int port) {
        return agentAt(port).map(PortOwner::describe);
    }

    private static String describe(ActiveManager agent) {
        return "the agent of this folder (" + OneLine.of(agent.toString()) + ")";
    }

    private Optional<ActiveManager> agentAt(int port) {
        try {
            return active.find().filter(agent -> has(agent, port));
        } catch (IOException e) {
            LOG.debug("the active agent is not known: {}", Errors.describe(e));
            return Optional.empty();
        }
    }

    private boolean has(ActiveManager agent, int port) {
        Long pid = agent.pid();
        return pid != null && agent.mayBeOn(host) && ListeningSockets.at(port).belongTo(pid);
    }
}
