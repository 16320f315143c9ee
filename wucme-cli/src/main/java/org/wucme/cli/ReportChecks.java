package org.wucme.cli;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.challenges.http.Http01Server;
import org.wucme.cli.doctor.Finding;
import org.wucme.cli.doctor.Http01Check;
import org.wucme.cli.load.LoadEvent;
import org.wucme.cli.notify.Notice;
import org.wucme.cli.notify.Notifier;
import org.wucme.cli.notify.NotifySettings;
import org.wucme.cli.notify.Target;
import org.wucme.cli.report.Check;
import org.wucme.manage.Deployment;
import org.wucme.store.CertificateStore;
import org.wucme.store.StoredCertificate;

/** The checks of wµCME's pages {@code admin/check/…}, as the agent is configured. */
final class ReportChecks {

    private final Globals globals;
    private final CertificateStore store;
    private final NotifySettings notices;
    private final LoadOptions load;

    ReportChecks(Globals globals, CertificateStore store, NotifySettings notices, LoadOptions load) {
        this.load = load;
        this.globals = globals;
        this.store = store;
        this.notices = notices;
    }

    /**
     * The checks by their names.
     *
     * @param solvers what answers challenges, http-01 by the first
     */
    Map<String, Check> by(List<ChallengeSolver> solvers) {
        Map<String, Check> checks = new LinkedHashMap<>();
        checks.put("ca", this::ca);
        checks.put("challenge", () -> challenge(solvers.get(0)));
        checks.put("load", () -> load(load.actions(globals, LoadEvent.CHECK)));
        checks.put("mail", () -> tell(notices.mailTargets()));
        checks.put("opcom", () -> tell(notices.syslogTargets()));
        return checks;
    }

    private String ca() throws IOException {
        try (AcmeClient client = globals.connect(globals.ca(store))) {
            client.fetchDirectory();
            return "The CA answers: " + client.ca().directoryUrl();
        }
    }

    private String challenge(ChallengeSolver http01) throws IOException {
        List<String> found = new ArrayList<>();
        Http01Check check = new Http01Check(http01);
        boolean allReachable = true;
        for (StoredCertificate stored : store.list()) {
            for (Identifier identifier : stored.identifiers()) {
                if (!identifier.isWildcard()) {
                    Finding finding = check.examine(identifier, Http01Server.DEFAULT_PORT);
                    found.add(finding.text());
                    allReachable &= finding.grade() != Finding.Grade.PROBLEM;
                }
            }
        }
        return result(allReachable, found);
    }

    private String load(Map<String, Deployment> actions) throws IOException {
        List<String> found = new ArrayList<>();
        if (actions.isEmpty()) {
            return result(true, found);
        }
        StoredCertificate chosen = Trial.certificate(store);
        found.add("with " + chosen.location() + ":");
        return result(Trial.notedIn(found).load(actions, chosen), found);
    }

    private String tell(List<Target> targets) throws IOException {
        List<String> found = new ArrayList<>();
        Notice notice = Notifier.test(notices.host(), Clock.systemUTC());
        return result(Trial.notedIn(found).tell(targets, notice), found);
    }

    private static String result(boolean worked, List<String> found) throws IOException {
        if (!worked) {
            throw new IOException(String.join("\n", found));
        }
        return found.isEmpty() ? "Nothing is configured that could be tried." : String.join("\n", found);
    }
}
