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
        StoredCertificate stored = store.list().stream()
                .filter(each -> each.chain() != null)
                .findFirst()
                .orElseThrow(() -> new IOException("there is no certificate that could be loaded"));
        List<String> found = new ArrayList<>();
        boolean allLoaded = true;
        for (Map.Entry<String, Deployment> action : actions.entrySet()) {
            try {
                action.getValue().deploy(stored);
                found.add(action.getKey() + ": done with " + stored.name());
            } catch (IOException e) {
                allLoaded = false;
                found.add(action.getKey() + ": " + Errors.describe(e));
            }
        }
        return result(allLoaded, found);
    }

    private String tell(List<Target> targets) throws IOException {
        Notice notice = Notifier.test(notices.host(), Clock.systemUTC());
        List<String> found = new ArrayList<>();
        boolean allTold = true;
        for (Target target : targets) {
            try (target) {
                found.add(target + ": " + OneLine.of(target.send(notice)));
            } catch (IOException e) {
                allTold = false;
                found.add(target + ": " + Errors.describe(e));
            }
        }
        return result(allTold, found);
    }

    private static String result(boolean worked, List<String> found) throws IOException {
        if (!worked) {
            throw new IOException(String.join("\n", found));
        }
        return found.isEmpty() ? "Nothing is configured that could be tried." : String.join("\n", found);
    }
}
