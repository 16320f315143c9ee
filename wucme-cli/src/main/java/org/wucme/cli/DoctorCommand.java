package org.wucme.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Account;
import org.wucme.acme.AcmeClient;
import org.wucme.acme.Ca;
import org.wucme.acme.CaQuirk;
import org.wucme.acme.Directory;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.challenges.http.Http01Server;
import org.wucme.challenges.tlsalpn.TlsAlpn01Server;
import org.wucme.cli.doctor.Addresses;
import org.wucme.cli.doctor.Caa;
import org.wucme.cli.doctor.Clocks;
import org.wucme.cli.doctor.Dns;
import org.wucme.cli.doctor.Finding;
import org.wucme.cli.doctor.Finding.Grade;
import org.wucme.cli.doctor.Http01Check;
import org.wucme.cli.doctor.Limits;
import org.wucme.cli.doctor.TlsAlpn01Check;
import org.wucme.manage.AccountStanding;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;
import org.wucme.store.file.FileStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "doctor",
        description = {
            "Says what would make an issuance for these names fail, and why.",
            "It looks at folder, account, CA, clock, DNS, CAA, ports and redirects, limits, load actions and notices. The"
                    + " CA is asked for its directory and the account; what it would validate is tried from here."
        })
final class DoctorCommand extends WucmeCommand {

    private static final int DNS_PORT = 53;

    @Parameters(paramLabel = "HOST", arity = "1..*", description = "The names of the certificate; commas work too.")
    List<String> hosts = List.of();

    @Option(
            names = "--resolver",
            paramLabel = "HOST[:PORT]",
            description =
                    "The DNS server to ask, such as a public one that sees what CAs see (default: the system's). The"
                            + " system's own name lookup (hosts file, nsswitch) is always asked too.")
    @Nullable
    String resolver;

    @Option(
            names = "--ca-http-port",
            converter = Port.class,
            paramLabel = "PORT",
            defaultValue = "80",
            description = "Where the CA asks for http-01 (default: ${DEFAULT-VALUE}); Pebble asks port 5002.")
    int caHttpPort = Http01Server.DEFAULT_PORT;

    @Option(
            names = "--ca-tls-port",
            converter = Port.class,
            paramLabel = "PORT",
            defaultValue = "443",
            description = "Where the CA asks for tls-alpn-01 (default: ${DEFAULT-VALUE}); Pebble asks port 5001.")
    int caTlsPort = TlsAlpn01Server.DEFAULT_PORT;

    @Mixin
    final ChallengeTypeOption proof = new ChallengeTypeOption();

    @Mixin
    final ChallengeOptions challenges = new ChallengeOptions();

    @Override
    public Integer call() throws IOException {
        // The findings are what somebody reads.
        globals().logTo(err());
        List<Identifier> identifiers = ListArguments.require(hosts, "a host").stream()
                .map(Identifier::of)
                .toList();
        FindingPrinter findings = new FindingPrinter(out());
        Optional<FileStore> store = openStore(identifiers.get(0), findings);
        Ca ca = globals().ca(store.orElse(null));
        Optional<StoredAccount> account = account(store, ca, findings);
        Optional<Directory> directory = askCa(ca, account.orElse(null), findings);
        Optional<StoredCertificate> stored = stored(store, identifiers.get(0));
        ProofChoice choice = ProofChoice.of(stored.orElse(null), proof, challenges, globals());
        Dns dns = Dns.of(resolverAddress());
        Addresses addresses = new Addresses(dns, isOwn(ca) ? Grade.WARNING : Grade.PROBLEM);
        identifiers.forEach(identifier -> addresses.examine(identifier).forEach(findings::add));
        if (directory.isPresent()) {
            Caa caa = new Caa(dns, asker(directory.get(), account, choice));
            identifiers.forEach(identifier -> caa.examine(identifier).forEach(findings::add));
        }
        findings.add(choice.finding());
        for (Identifier identifier : identifiers) {
            if (!identifier.isWildcard()) {
                choice.judge(examineChallenges(identifier)).forEach(findings::add);
            }
        }
        if (store.isPresent() && stored.isPresent()) {
            Limits.examine(stored.get(), store.get().list(), Instant.now()).forEach(findings::add);
        }
        FollowUp.examine(globals()).forEach(findings::add);
        return findings.exitCode();
    }

    private Optional<FileStore> openStore(Identifier first, FindingPrinter findings) {
        try {
            FileStore store = globals().openStore();
            store.requireWritable(store.nameOf(first));
            findings.add(Finding.ok("folder", globals().here().toAbsolutePath() + " can be written"));
            return Optional.of(store);
        } catch (IOException e) {
            findings.add(Finding.problem("folder", Errors.describe(e)));
            return Optional.empty();
        }
    }

    private static Optional<StoredAccount> account(Optional<FileStore> store, Ca ca, FindingPrinter findings) {
        try {
            Optional<StoredAccount> account =
                    store.isEmpty() ? Optional.empty() : store.get().loadAccount(ca.directoryUrl());
            if (account.isEmpty()) {
                findings.add(Finding.problem(
                        "account", "there is none at " + ca.directoryUrl() + "; " + register(ca) + " makes one"));
            }
            return account;
        } catch (IOException e) {
            findings.add(Finding.problem("account", Errors.describe(e)));
            return Optional.empty();
        }
    }

    private Optional<Directory> askCa(Ca ca, @Nullable StoredAccount account, FindingPrinter findings) {
        try (AcmeClient client = globals().connect(ca)) {
            Directory directory = client.fetchDirectory();
            if (account != null) {
                findings.add(examine("account", () -> finding(client, account)));
            }
            findings.add(Finding.ok("ca", ca.directoryUrl() + " answers"));
            client.clockDifference().map(Clocks::compare).ifPresent(findings::add);
            return Optional.of(directory);
        } catch (IOException e) {
            if (account != null) {
                findings.add(Finding.warning("account", "there is one, but the CA could not be asked about it"));
            }
            findings.add(Finding.problem("ca", Errors.describe(e)));
            return Optional.empty();
        }
    }

    // What no preset is of the Internet may be one of the administrator's own, which looks names up in ways of its own.
    private static boolean isOwn(Ca ca) {
        return ca.has(CaQuirk.PRIVATE_ROOT)
                || Ca.presets().stream().noneMatch(known -> known.directoryUrl().equals(ca.directoryUrl()));
    }

    private static Finding finding(AcmeClient client, StoredAccount stored) throws IOException {
        AccountStanding standing = AccountStanding.ask(client, stored);
        Account usable = standing.usable().orElse(null);
        String known = stored.accountUrl();
        if (usable == null) {
            return Finding.problem(
                    "account",
                    (known == null
                                    ? "there is a key, but not the URL of its account"
                                    : "the CA does not accept " + known)
                            + ": " + standing.problem() + "; " + register(client.ca()) + " makes a new one");
        }
        if (!usable.url().equals(known)) {
            return Finding.warning(
                    "account",
                    (known == null ? "there is a key, but not the URL of its account" : known + " has another URL now")
                            + ": " + register(client.ca()) + " takes over " + usable.url());
        }
        return Finding.ok("account", "there is one: " + known + ", and the CA accepts it");
    }

    private static String register(Ca ca) {
        return Errors.register(ca.directoryUrl());
    }

    private @Nullable InetSocketAddress resolverAddress() {
        if (resolver == null) {
            return null;
        }
        HostPort server = HostPort.parse(resolver, DNS_PORT);
        return new InetSocketAddress(server.identifier().value(), server.port());
    }

    private static Caa.Asker asker(Directory directory, Optional<StoredAccount> account, ProofChoice choice) {
        return new Caa.Asker(
                directory.caaIdentities(),
                account.map(StoredAccount::accountUrl).orElse(null),
                choice.types());
    }

    private List<Finding> examineChallenges(Identifier identifier) {
        Http01Check http01 = new Http01Check(challenges.httpSolver(globals()));
        TlsAlpn01Check tlsAlpn01 = new TlsAlpn01Check(challenges.tlsAddress(), PortOwner.of(globals())::agentInWords);
        return List.of(
                examine(Http01.TYPE, () -> http01.examine(identifier, caHttpPort)),
                examine(TlsAlpn01.TYPE, () -> tlsAlpn01.examine(identifier, caTlsPort)));
    }

    private static Finding examine(String type, Examination examination) {
        try {
            return examination.run();
        } catch (IOException e) {
            return Finding.problem(type, Errors.describe(e));
        }
    }

    private interface Examination {
        Finding run() throws IOException;
    }

    private static Optional<StoredCertificate> stored(Optional<FileStore> store, Identifier first) throws IOException {
        return store.isEmpty() ? Optional.empty() : store.get().load(store.get().nameOf(first));
    }
}
