package org.wucme.cli.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.manage.IssuedCertificate;
import org.wucme.manage.RenewalWindow;
import org.wucme.store.CertificateSpec;

/** Shows one certificate on a page. */
final class CertificateCard {

    private static final int MOST_NAMES = 8;

    private final CertificateReport certificate;
    private final Instant now;
    private final When when;

    CertificateCard(CertificateReport certificate, Instant now, When when) {
        this.certificate = certificate;
        this.now = now;
        this.when = when;
    }

    /** With a number that no other one on the page has. */
    Html draw(int number) {
        IssuedCertificate life = certificate.life();
        Health health = certificate.health();
        return Html.of(
                """
                <article class="card {}" id="{}" aria-labelledby="c{}">
                <header><h3 id="c{}"><bdi>{}</bdi></h3>{}</header>
                {}<p class="next">{}</p>
                {}{}{}
                </article>
                """,
                health,
                certificate.name(),
                Integer.toString(number),
                Integer.toString(number),
                title(),
                pill(health, headline(life)),
                otherNames(),
                outlook(life),
                life == null ? Html.NOTHING : bar(life, number),
                flaws(),
                details(life));
    }

    static Html pill(Health health, String words) {
        return Html.of("<span class=\"pill {}\">{}</span>", health, words);
    }

    private String title() {
        return certificate.identifiers().isEmpty()
                ? certificate.name()
                : certificate.identifiers().get(0);
    }

    private String headline(@Nullable IssuedCertificate life) {
        if (life == null) {
            return certificate.problem() == null ? "Not issued" : "Unreadable";
        }
        if (!now.isBefore(life.notAfter())) {
            return "Expired";
        }
        if (now.isBefore(life.notBefore())) {
            return "Not yet valid";
        }
        if (!certificate.isManaged()) {
            return "Not managed";
        }
        return switch (certificate.health()) {
            case OK -> now.isBefore(life.renewal().due()) ? "Valid" : "Renewal due";
            case ATTENTION -> "Needs attention";
            case FAILING -> "Failing";
        };
    }

    private Html outlook(@Nullable IssuedCertificate life) {
        Instant next = certificate.nextAttempt();
        Html again = next == null || !next.isAfter(now)
                ? Html.NOTHING
                : Html.of("Tried again <b>{}</b> \u00b7 ", when.relative(next));
        if (life == null) {
            return Html.of(
                    "{}{}", again, certificate.problem() == null ? "No certificate yet" : "Nothing can be read of it");
        }
        Html expiry = Html.of(
                now.isBefore(life.notAfter()) ? "expires <b>{}</b>" : "expired <b>{}</b>",
                when.relative(life.notAfter()));
        if (!certificate.isManaged()) {
            return Html.of("Not renewed \u00b7 {}", expiry);
        }
        Instant due = life.renewal().due();
        if (!again.equals(Html.NOTHING)) {
            return Html.of("{}{}", again, expiry);
        }
        return due.isAfter(now)
                ? Html.of("Renews <b>{}</b> \u00b7 {}", when.relative(due), expiry)
                : Html.of("To be renewed since <b>{}</b> \u00b7 {}", when.day(due), expiry);
    }

    private Html otherNames() {
        List<String> others = certificate.identifiers().stream().skip(1).toList();
        if (others.isEmpty()) {
            return Html.NOTHING;
        }
        List<Html> items = new ArrayList<>();
        others.stream().limit(MOST_NAMES).forEach(name -> items.add(Html.of("<li><bdi>{}</bdi></li>", name)));
        if (others.size() > MOST_NAMES) {
            items.add(Html.of("<li>and {} more</li>", Integer.toString(others.size() - MOST_NAMES)));
        }
        return Html.of("<ul class=\"names\" aria-label=\"Further names\">{}</ul>\n", Html.all(items));
    }

    private Html bar(IssuedCertificate life, int number) {
        return Html.of(
                """
                {}
                <p class="ends"><span>issued {}</span><span>{} {}</span></p>
                """,
                new LifeBar(life, certificate.nextAttempt(), now, when).draw("b" + number),
                when.day(life.notBefore()),
                now.isBefore(life.notAfter()) ? "expires" : "expired",
                when.day(life.notAfter()));
    }

    private Html flaws() {
        if (certificate.flaws().isEmpty()) {
            return Html.NOTHING;
        }
        List<Html> items = certificate.flaws().stream().map(this::flaw).toList();
        return Html.of("<ul class=\"findings\">{}</ul>", Html.all(items));
    }

    private Html flaw(Flaw flaw) {
        Instant next = flaw.retryAt();
        return Html.of(
                "<li class=\"{}\"><bdi>{}</bdi>{}</li>\n",
                flaw.health(),
                capital(flaw.text()),
                next == null ? Html.NOTHING : Html.of("<small>Next attempt {}</small>", when.minute(next)));
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private Html details(@Nullable IssuedCertificate life) {
        List<Html> rows = new ArrayList<>();
        if (certificate.identifiers().size() > MOST_NAMES + 1) {
            rows.add(row("All names", String.join(", ", certificate.identifiers())));
        }
        if (life != null) {
            RenewalWindow window = life.renewal();
            rows.add(row("Issued", when.minute(life.notBefore())));
            rows.add(row("Renewal", when.minute(window.due())));
            rows.add(row(
                    window.isSuggested() ? "Window of the CA" : "Renewal window",
                    Html.of("{} to {}", when.minute(window.start()), when.minute(window.end()))));
            if (window.explanationUrl() != null) {
                // No link: it would be the CA's choice where it leads.
                rows.add(row("Why", window.explanationUrl()));
            }
            rows.add(row("Expires", when.minute(life.notAfter())));
            rows.add(row("Issuer", life.issuer()));
            rows.add(row("Serial number", Html.of("<code>{}</code>", life.serial())));
        }
        addRenewal(rows, certificate.status().spec());
        rows.add(row("File", Html.of("<code>{}</code>", certificate.file())));
        return Html.of(
                "<details><summary>Details<span class=\"hidden\"> of {}</span></summary><dl>{}</dl></details>",
                title(),
                Html.all(rows));
    }

    private void addRenewal(List<Html> rows, @Nullable CertificateSpec spec) {
        if (spec == null) {
            return;
        }
        rows.add(row("CA", spec.directoryUrl()));
        String issuedBy = certificate.status().issuedBy();
        if (issuedBy != null && !issuedBy.equals(spec.directoryUrl())) {
            rows.add(row("Issued by", issuedBy));
        }
        rows.add(row("Profile", spec.profile() == null ? "the CA's default" : spec.profile()));
        ChainPreference chain = spec.preferredChain();
        if (chain != null) {
            rows.add(row("Preferred chain", chain.value()));
        }
        rows.add(row("Challenge", spec.challengeType() == null ? "any" : spec.challengeType()));
        Instant next = certificate.nextAttempt();
        if (next != null) {
            rows.add(row("Next attempt", when.minute(next)));
        }
    }

    private static Html row(String term, Object description) {
        return Html.of("<div><dt>{}</dt><dd>{}</dd></div>", term, description);
    }
}
