package org.wucme.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.Deployment;
import org.wucme.store.StoredCertificate;

/** Load actions of a command, which shows what becomes of each. Thread-safe. */
final class ShownLoads {

    private final Map<String, Deployment> actions;
    private final PrintWriter out;
    private final PrintWriter err;
    private final AtomicInteger failed = new AtomicInteger();

    ShownLoads(Map<String, Deployment> actions, PrintWriter out, PrintWriter err) {
        this.actions = actions;
        this.out = out;
        this.err = err;
    }

    /** Has a manager carry them out. */
    void addTo(CertificateManager.Builder builder) {
        actions.forEach((name, action) -> builder.deployment(name, certificate -> carryOut(name, action, certificate)));
    }

    private void carryOut(String name, Deployment action, StoredCertificate certificate) throws IOException {
        try {
            action.deploy(certificate);
            out.println(certificate.location() + ": " + name + ": done");
        } catch (IOException | RuntimeException | Error e) {
            failed.incrementAndGet();
            err.println("wucme: " + certificate.location() + ": " + name + ": " + Errors.describe(e)
                    + "; it is tried again by an agent, or the next \"wucme manage\", with this load action");
            throw e;
        }
    }

    /** How many failed. */
    int failed() {
        return failed.get();
    }
}
