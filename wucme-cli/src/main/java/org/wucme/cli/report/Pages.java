package org.wucme.cli.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pages for people. Each is whole in itself: no script, nothing from elsewhere. */
final class Pages {

    private static final int MOST_CARDS = 500;
    private static final int LATEST_LINES = 8;
    private static final Map<String, String> CHECKS = Map.of(
            "ca", "Does the CA answer?",
            "challenge", "Do challenges get through?",
            "load", "Run the load actions",
            "mail", "Send a test mail",
            "opcom", "Send an operator message");
    private static final String ICON =
            "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect y='5'"
                    + " width='16' height='6' rx='3' fill='%23aab4c0'/%3E%3Crect y='5' width='10' height='6' rx='3'"
                    + " fill='%23128059'/%3E%3C/svg%3E";

    private final ReportSettings settings;
    private final Checks checks;
    private final String style;

    Pages(ReportSettings settings, Checks checks, Stylesheet stylesheet) {
        this.settings = settings;
        this.checks = checks;
        this.style = stylesheet.text();
    }

    /**
     * All in one.
     *
     * @param up leads from this page's URL to the first page, so that a server in front may have them anywhere
     */
    Html overview(Report report, String up) {
        When when = new When(report.at(), settings.clock().getZone());
        return page(
                "Certificates",
                report.at(),
                Html.of(
                        """
                        <header class="top"><h1>wucme <span>on {}</span></h1>{}</header>
                        <p class="lead">{}</p>
                        <p class="manager">{}</p>
                        {}{}{}
                        """,
                        settings.host(),
                        CertificateCard.pill(report.health(), word(report.health())),
                        summary(report),
                        manager(report.manager(), when),
                        certificates(report, when),
                        checks(when, up),
                        log(up)),
                up);
    }

    /** The latest lines of the log. */
    Html log(List<String> lines, String up) {
        return page(
                "Log",
                settings.clock().instant(),
                Html.of(
                        "<header class=\"top\"><h1>Log <span>on {}</span></h1></header>{}",
                        settings.host(),
                        lines(lines)),
                up);
    }

    /** One check, to be run, and what it said. */
    Html check(String name, String up) {
        When when = new When(settings.clock().instant(), settings.clock().getZone());
        return page(
                "Check " + name,
                settings.clock().instant(),
                Html.of(
                        "<header class=\"top\"><h1>Check {} <span>on {}</span></h1></header>{}{}",
                        name,
                        settings.host(),
                        form(name, up, when),
                        checks.latest(name)
                                .map(result -> Html.of("<pre>{}</pre>", result.text()))
                                .orElse(Html.NOTHING)),
                up);
    }

    private Html page(String title, Instant at, Html main, String up) {
        When when = new When(at, settings.clock().getZone());
        return Html.of(
                """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>{} \u00b7 wucme on {}</title>
                <link rel="icon" href="{}">
                <style>{}</style>
                </head>
                <body>
                <main>
                {}
                </main>
                <footer>
                <nav aria-label="Pages"><a href="{}">Certificates</a> <a href="{}admin/log">Log</a> \
                <a href="{}status.json">JSON</a> <a href="{}metrics">Metrics</a></nav>
                <p>wucme {} \u00b7 as of {} \u00b7 times are in {}</p>
                </footer>
                </body>
                </html>
                """,
                title,
                settings.host(),
                ICON,
                new Html(style),
                main,
                up.isEmpty() ? "./" : up,
                up,
                up,
                up,
                settings.version(),
                when.minute(at),
                settings.clock().getZone().getId());
    }

    private static String word(Health health) {
        return switch (health) {
            case OK -> "All well";
            case ATTENTION -> "Needs attention";
            case FAILING -> "Failing";
        };
    }

    private static String summary(Report report) {
        int all = report.certificates().size();
        long failing = count(report, Health.FAILING);
        long attention = count(report, Health.ATTENTION);
        if (all == 0) {
            return "There is no certificate here yet: \"wucme issue\" gets one.";
        }
        if (failing + attention == 0) {
            return all == 1 ? "The certificate is well." : "All " + all + " certificates are well.";
        }
        List<String> parts = new ArrayList<>();
        if (failing > 0) {
            parts.add(failing + (failing == 1 ? " is failing" : " are failing"));
        }
        if (attention > 0) {
            parts.add(attention + (attention == 1 ? " needs attention" : " need attention"));
        }
        long well = all - failing - attention;
        if (well > 0) {
            parts.add(well + (well == 1 ? " is well" : " are well"));
        }
        return "Of " + all + (all == 1 ? " certificate, " : " certificates, ") + String.join(", ", parts) + ".";
    }

    private static long count(Report report, Health health) {
        return report.certificates().stream()
                .filter(certificate -> certificate.health() == health)
                .count();
    }

    private static Html manager(ManagerState manager, When when) {
        List<Html> parts = new ArrayList<>();
        String role = switch (manager.role()) {
            case ACTIVE -> "Active";
            case STANDBY -> "Standing by";
            case NONE -> "No manager is active";
        };
        parts.add(Html.of("<span class=\"role {}\">{}</span>", manager.role(), role));
        if (manager.who() != null) {
            String before = manager.role() == ManagerState.Role.STANDBY ? "active is " : "";
            parts.add(Html.of("{}<bdi>{}</bdi>", before, manager.who()));
        }
        if (manager.since() != null) {
            parts.add(Html.of("since {}", when.minute(manager.since())));
        }
        if (manager.lastSuccess() != null) {
            parts.add(Html.of(
                    "{} obtained, the last one {}",
                    Long.toString(manager.renewals()),
                    when.relative(manager.lastSuccess())));
        }
        return Html.joined(parts, " \u00b7 ");
    }

    private static Html certificates(Report report, When when) {
        if (report.certificates().isEmpty()) {
            return Html.NOTHING;
        }
        // The worst first; those that are as well as each other stay in the store's order.
        List<CertificateReport> sorted = report.certificates().stream()
                .sorted(Comparator.comparing(CertificateReport::health).reversed())
                .limit(MOST_CARDS)
                .toList();
        List<Html> cards = new ArrayList<>();
        for (CertificateReport certificate : sorted) {
            cards.add(new CertificateCard(certificate, report.at(), when).draw(cards.size()));
        }
        int more = report.certificates().size() - sorted.size();
        return Html.of(
                """
                <section aria-labelledby="certificates"><h2 id="certificates">Certificates</h2>
                <ul class="legend" aria-hidden="true"><li class="gone">gone</li><li class="window">renewal window</li>\
                <li class="now">now</li><li class="attempt">next attempt</li></ul>
                {}{}</section>
                """,
                Html.all(cards),
                more == 0
                        ? Html.NOTHING
                        : Html.of("<p>And {} more, which are well or as well.</p>", Integer.toString(more)));
    }

    private Html checks(When when, String up) {
        if (checks.names().isEmpty()) {
            return Html.NOTHING;
        }
        List<Html> forms =
                checks.names().stream().map(name -> form(name, up, when)).toList();
        return Html.of(
                "<section aria-labelledby=\"checks\"><h2 id=\"checks\">Checks</h2><div"
                        + " class=\"checks\">{}</div></section>",
                Html.all(forms));
    }

    private Html form(String name, String up, When when) {
        Optional<Checks.Result> latest = checks.latest(name);
        Html result = latest.map(done -> Html.of(
                        "<span class=\"{}\">{} {}</span>",
                        done.worked() ? Health.OK : Health.FAILING,
                        done.worked() ? "worked" : "failed",
                        when.relative(done.at())))
                .orElse(Html.of("<span>not tried yet</span>"));
        return Html.of("""
            <form method="post" action="{}admin/check/{}"><button>{}</button>
            <a href="{}admin/check/{}">check {}</a>{}</form>
            """, up, name, CHECKS.getOrDefault(name, "Check " + name), up, name, name, result);
    }

    private Html log(String up) {
        List<String> lines = settings.log().get();
        if (lines.isEmpty()) {
            return Html.NOTHING;
        }
        List<String> latest = lines.subList(Math.max(0, lines.size() - LATEST_LINES), lines.size());
        return Html.of(
                "<section aria-labelledby=\"log\"><h2 id=\"log\">Log <a href=\"{}admin/log\">all of"
                        + " it</a></h2>{}</section>",
                up,
                lines(latest));
    }

    private static Html lines(List<String> lines) {
        return Html.of("<pre>{}</pre>", String.join("\n", lines));
    }
}
