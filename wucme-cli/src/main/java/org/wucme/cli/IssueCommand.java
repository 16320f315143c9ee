package org.wucme.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.acme.pki.ChainPreference;
import org.wucme.acme.pki.KeyType;
import org.wucme.cli.load.LoadEvent;
import org.wucme.manage.CertificateManager;
import org.wucme.manage.Outcome;
import org.wucme.store.ActiveManager;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.MaintenanceWindow;
import org.wucme.store.RenewalRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "issue",
        description = {
            "Obtains one certificate for all the hosts given, unless there is one that is current.",
            "It is stored under the name of the first host."
        })
final class IssueCommand extends WucmeCommand {

    private static final int MOST_NAMES = 100;

    @Parameters(
            paramLabel = "HOST",
            arity = "1..*",
            description = "Host names or addresses, separated by spaces or commas; at most 100.")
    List<String> hosts = List.of();

    @Mixin
    final ChallengeTypeOption proof = new ChallengeTypeOption();

    @Mixin
    final ChallengeOptions challenges = new ChallengeOptions();

    @Mixin
    final LoadOptions loads = new LoadOptions();

    @Option(
            names = "--key-type",
            paramLabel = "TYPE",
            description =
                    "Key of the certificate: ec-p256, ec-p384, rsa-2048, rsa-3072 or rsa-4096 (default: ec-p256).")
    @Nullable
    KeyType keyType;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = {
                "A profile of the CA; \"check ca\" lists them. Renewals, and a later \"issue\" without this option, keep to it.",
                "Default: the CA's choice."
            })
    @Nullable
    String profile;

    @Option(
            names = "--preferred-chain",
            paramLabel = "ISSUER",
            description = {
                "Of the chains that the CA offers, the one whose topmost certificate was issued under this name, such as"
                        + " \"ISRG Root X1\"; or below the root with this SHA-256 fingerprint. Renewals, and a later \"issue\""
                        + " without this option, keep to it.",
                "Default: the CA's choice, which is taken as well if there is no such chain."
            })
    @Nullable
    String preferredChain;

    @Option(
            names = "--renew-during",
            paramLabel = "HOURS",
            converter = MaintenanceOption.Converter.class,
            description = {
                "Renews this certificate in these hours only, such as \"Sun 02:00-06:00 Europe/Berlin\", whatever"
                        + " --maintenance-window of \"agent\" and \"manage\" says; \"daily 00:00-24:00\" is at any time."
            })
    @Nullable
    MaintenanceWindow renewDuring;

    @Option(names = "--force", description = "Obtains a new certificate even if there is one that is current.")
    boolean force;

    @Option(
            names = "--dry-run",
            description = "Checks what can be checked without an order, and says what would be done.")
    boolean dryRun;

    @Override
    public Integer call() throws IOException {
        Globals globals = globals();
        List<Identifier> identifiers = identifiers();
        CertificateStore store = globals.openStore();
        ShownLoads shown = new ShownLoads(loads.actions(globals, LoadEvent.LOAD), out(), err());
        CertificateManager.Builder builder = CertificateManager.builder(store)
                .connect(globals::connect)
                .solvers(challenges.solvers(globals))
                .progress(globals.progress());
        shown.addTo(builder);
        try (CertificateManager manager = builder.build()) {
            CertificateSpec requested = CertificateSpec.builder(identifiers)
                    .ca(globals.ca(store))
                    .keyType(keyType)
                    .profile(profile)
                    .preferredChain(preferredChain == null ? null : ChainPreference.of(preferredChain))
                    .challengeType(proof.asked())
                    .maintenanceWindow(renewDuring)
                    .build();
            CertificateSpec unproven = requested.toBuilder()
                    .keyType(Objects.requireNonNullElse(keyType, KeyType.EC_P256))
                    .build();
            Optional<Outcome.Current> current = force ? Optional.empty() : manager.findCurrent(unproven);
            if (dryRun) {
                return current.isPresent() ? report(current.get()) : rehearse(manager, provable(store, unproven));
            }
            Outcome outcome;
            try {
                outcome = current.isPresent() ? manager.issue(requested) : obtain(manager, provable(store, unproven));
            } catch (IOException e) {
                return explain(e, store, identifiers.get(0));
            }
            int exit = current.isPresent() ? report(outcome, current.get()) : report(outcome);
            // With this certificate alone: the others are not this command's.
            manager.deployNow(outcome.certificate().name());
            if (exit == ExitCode.DONE) {
                store.active().ifPresent(this::tellOf);
            }
            return shown.failed() > 0 ? ExitCode.FAILED : exit;
        }
    }

    private List<Identifier> identifiers() {
        List<Identifier> identifiers =
                ListArguments.split(hosts).map(Identifier::of).distinct().toList();
        if (identifiers.isEmpty() || identifiers.size() > MOST_NAMES) {
            throw new IllegalArgumentException("a certificate has 1 to " + MOST_NAMES + " names, not "
                    + identifiers.size() + "; issue several certificates instead");
        }
        return identifiers;
    }

    // What is current needs no port; and no port helps a wildcard, as the manager says, nor where there is no account.
    private CertificateSpec provable(CertificateStore store, CertificateSpec unproven) throws IOException {
        if (unproven.identifiers().stream().anyMatch(Identifier::isWildcard)) {
            return unproven;
        }
        if (store.loadAccount(unproven.directoryUrl()).isEmpty()) {
            throw OneAccountCommand.noAccount(unproven.directoryUrl());
        }
        return unproven.toBuilder()
                .challengeType(proof.type(challenges, globals()))
                .build();
    }

    private Outcome obtain(CertificateManager manager, CertificateSpec wanted) throws IOException {
        return force ? manager.reissue(wanted) : manager.issue(wanted);
    }

    // After a first attempt that failed at the CA, the request stays in the store.
    private int explain(IOException failure, CertificateStore store, Identifier first) throws IOException {
        int exit = Errors.explain(failure, Objects.requireNonNull(spec).commandLine(), globals());
        store.load(store.nameOf(first))
                .map(Outcomes::waysOut)
                .filter(ways -> !ways.isEmpty())
                .ifPresent(ways -> err().println("wucme: the request is stored" + ways));
        return exit;
    }

    private int rehearse(CertificateManager manager, CertificateSpec wanted) throws IOException {
        manager.rehearse(wanted);
        out().println("Would order a certificate for " + Outcomes.names(wanted.identifiers()) + " at "
                + wanted.directoryUrl() + ", proven by " + wanted.challengeType() + ". Nothing was ordered.");
        return ExitCode.DONE;
    }

    private void tellOf(ActiveManager other) {
        out().println(OneLine.of(other.toString())
                + ", takes care of this store too: load actions of its own are carried out within seconds");
    }

    private int report(Outcome outcome, Outcome.Current before) {
        RenewalRecord stored = before.certificate().renewal();
        RenewalRecord now = outcome.certificate().renewal();
        List<String> changes = stored == null || now == null ? List.of() : changes(now, stored);
        if (!(outcome instanceof Outcome.Current current) || changes.isEmpty()) {
            return report(outcome);
        }
        out().println(OneLine.of(current.certificate().location() + " is current; stored for its next renewal, due on "
                + LocalMinute.notBefore(current.until()) + ": " + String.join(", ", changes)
                + "; --force applies that at once"));
        return ExitCode.DONE;
    }

    private static List<String> changes(RenewalRecord now, RenewalRecord before) {
        List<String> changes = new ArrayList<>(now.spec().differencesFrom(before.spec()));
        if (before.unmanaged() != now.unmanaged()) {
            changes.add(now.unmanaged() ? "not managed any more" : "managed again");
        }
        return changes;
    }

    private int report(Outcome outcome) {
        if (outcome instanceof Outcome.Current current) {
            out().println(current.certificate().location() + " is current, and due on "
                    + LocalMinute.notBefore(current.until()) + "; --force obtains a new one all the same");
            return ExitCode.NOTHING_TO_DO;
        }
        Outcomes.print(outcome, out());
        return ExitCode.DONE;
    }
}
