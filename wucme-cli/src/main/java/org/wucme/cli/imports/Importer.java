package org.wucme.cli.imports;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeConnectionException;
import org.wucme.acme.Ca;
import org.wucme.acme.CaQuirk;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.Dns01;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.Lease;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.acme.pki.KeyType;
import org.wucme.cli.Errors;
import org.wucme.cli.LocalMinute;
import org.wucme.store.CertificateSpec;
import org.wucme.store.CertificateStore;
import org.wucme.store.LeaseNames;
import org.wucme.store.Origin;
import org.wucme.store.Part;
import org.wucme.store.RenewalRecord;
import org.wucme.store.StoredAccount;
import org.wucme.store.StoredCertificate;

/**
 * Takes the accounts and certificates of another client into a store, and says of each what became of it. What the client
 * has stays as it is; what the store has too, unless it is to be replaced.
 */
final class Importer {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CertificateStore store;
    private final ImportMode mode;
    private final @Nullable AccountLookup lookup;
    private final Report report;
    private final Map<String, ForeignAccount> accounts = new LinkedHashMap<>();
    private final Map<String, ForeignCertificate> takenNames = new LinkedHashMap<>();

    Importer(CertificateStore store, ImportMode mode, @Nullable AccountLookup lookup, Report report) {
        this.store = store;
        this.mode = mode;
        this.lookup = lookup;
        this.report = report;
    }

    void take(FolderContents contents) {
        List<ForeignCertificate> certificates = contents.certificates().stream()
                .sorted(Comparator.comparing(Importer::end).reversed())
                .toList();
        Map<String, ForeignAccount> chosen = new LinkedHashMap<>();
        for (ForeignAccount account : byUse(contents.accounts(), certificates)) {
            ForeignAccount other = chosen.putIfAbsent(account.directoryUrl(), account);
            if (other == null) {
                contents.lookAt(account.where(), () -> take(account));
            } else {
                report.leftOut(
                        account.where(),
                        "wucme has one account at a CA, and at " + account.directoryUrl() + " that is "
                                + other.where());
            }
        }
        for (ForeignCertificate certificate : certificates) {
            contents.lookAt(certificate.where(), () -> take(certificate));
        }
    }

    // The account that most certificates come from is the one for all of a CA, and the first one's CA is the default.
    private static List<ForeignAccount> byUse(List<ForeignAccount> accounts, List<ForeignCertificate> certificates) {
        Map<String, Long> uses = certificates.stream()
                .map(certificate -> certificate.terms().account())
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(where -> where, Collectors.counting()));
        List<ForeignAccount> sorted = new ArrayList<>(accounts);
        sorted.sort(Comparator.comparing(account -> -uses.getOrDefault(account.where(), 0L)));
        return sorted;
    }

    private void take(ForeignAccount found) throws IOException {
        StoredAccount present = store.loadAccount(found.directoryUrl()).orElse(null);
        if (present != null
                && present.keyPair().getPublic().equals(found.keyPair().getPublic())) {
            remember(present.accountUrl() == null ? found : found.at(present.accountUrl()));
            report.present(found.where(), "is the account of the store already");
            return;
        }
        if (present != null && !mode.replaces()) {
            throw new LeftOutException("the store has another account at " + found.directoryUrl()
                    + "; --force takes this one, and keeps the key of that one as a backup");
        }
        ForeignAccount account = found.url() == null ? lookedUp(found) : found;
        if (!mode.isRehearsal()) {
            store.saveAccount(
                    new StoredAccount(account.directoryUrl(), account.url(), account.contacts(), account.keyPair()));
        }
        remember(account);
        report.takenOver(
                found.where(),
                mode.verb() + " as account "
                        + Objects.toString(account.url(), "whose URL is asked for when it is first used,")
                        + " at " + account.directoryUrl());
    }

    private void remember(ForeignAccount account) {
        accounts.put(account.where(), account);
    }

    private ForeignAccount lookedUp(ForeignAccount account) throws IOException {
        String directoryUrl = account.directoryUrl();
        if (lookup == null || Ca.of(directoryUrl).has(CaQuirk.NO_ACCOUNT_LOOKUP)) {
            return account;
        }
        Optional<String> url;
        try {
            url = lookup.find(directoryUrl, account.keyPair());
        } catch (AcmeConnectionException e) {
            report.note(account.where(), "the CA could not be asked for its URL: " + Errors.describe(e));
            return account;
        }
        return account.at(url.orElseThrow(() -> new LeftOutException("the CA at " + directoryUrl
                + " knows no account with this key; if it is another CA's, give the URL of its directory by --ca")));
    }

    private void take(ForeignCertificate found) throws IOException {
        Instant end = end(found);
        if (!Instant.now().isBefore(end)) {
            throw new LeftOutException(
                    "it expired on " + LocalMinute.of(end) + "; if it is still wanted, \"issue\" it");
        }
        String name = store.nameOf(found.identifiers().get(0));
        ForeignCertificate sameName = takenNames.putIfAbsent(name, found);
        if (sameName != null) {
            throw leftOut(
                    found,
                    sameName.identifiers(),
                    "its first name is that of " + sameName.where()
                            + ", which is valid for longer, and the store keeps certificates by their first name");
        }
        try (Lease lock = lock(name)) {
            save(lock, name, found);
        }
    }

    private @Nullable Lease lock(String name) throws IOException {
        if (mode.isRehearsal()) {
            return null;
        }
        return store.lease(LeaseNames.certificate(name), PATIENCE)
                .orElseThrow(() -> new IOException("another process is at work on " + name + " in the store"));
    }

    private void save(@Nullable Lease lease, String name, ForeignCertificate found) throws IOException {
        StoredCertificate present = store.load(name).orElse(null);
        if (present != null && isSame(present, found)) {
            report.present(found.where(), "is in the store already: " + present.location());
            return;
        }
        if (present != null && !mode.replaces()) {
            throw leftOut(
                    found,
                    present.identifiers(),
                    "the store has another certificate of this name, " + present.location()
                            + "; --force takes this one, and keeps that one as a backup");
        }
        if (lease != null) {
            String specVersion = present == null ? null : present.versionOf(Part.SPEC);
            store.save(lease, name, found.chain(), found.keyPair(), record(found), specVersion);
        }
        report.takenOver(
                found.where(),
                mode.verb() + " as "
                        + store.load(name).map(StoredCertificate::location).orElse(name) + ": " + names(found)
                        + "; renewed at " + found.terms().directoryUrl() + proof(found));
        warnOfChallenge(found);
    }

    /** A failure if names are lost by it, which no other certificate has. */
    private static IOException leftOut(ForeignCertificate found, Collection<Identifier> others, String why) {
        String lost = found.identifiers().stream()
                .filter(identifier -> !others.contains(identifier))
                .map(Identifier::toString)
                .collect(Collectors.joining(", "));
        return lost.isEmpty()
                ? new LeftOutException(why)
                : new IOException(why + "; not imported, and not renewed by wucme: " + lost
                        + ". Issue a certificate that begins with one of these names");
    }

    private RenewalRecord record(ForeignCertificate found) {
        CertificateSpec spec = CertificateSpec.builder(found.identifiers())
                .ca(Ca.of(found.terms().directoryUrl()))
                .challengeType(challengeType(found))
                .keyType(KeyType.like(found.keyPair().getPublic()).orElse(null))
                .keyReuse(found.terms().keyReuse())
                .profile(found.terms().profile())
                .preferredChain(found.terms().preferredChain())
                .build();
        return RenewalRecord.of(spec).withOrigin(Origin.UNKNOWN.withAccountUrl(accountUrl(found)));
    }

    // Only an account that is taken over too can say to its CA whose successor a certificate is.
    private @Nullable String accountUrl(ForeignCertificate found) {
        String said = found.terms().account();
        return accounts.values().stream()
                .filter(account -> account.directoryUrl().equals(found.terms().directoryUrl()))
                .filter(account -> said == null || said.equals(account.where()))
                .map(ForeignAccount::url)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String challengeType(ForeignCertificate found) {
        boolean needsDns = found.identifiers().stream().anyMatch(Identifier::isWildcard);
        return needsDns ? Dns01.TYPE : found.terms().challengeType();
    }

    private static String proof(ForeignCertificate found) {
        return Optional.ofNullable(challengeType(found))
                .map(type -> " by " + type)
                .orElse("");
    }

    private void warnOfChallenge(ForeignCertificate found) {
        String type = challengeType(found);
        if (type != null && !type.equals(Http01.TYPE) && !type.equals(TlsAlpn01.TYPE)) {
            report.note(
                    found.where(),
                    "its names are proven by " + type + ", which \"manage\" cannot answer"
                            + (found.identifiers().stream().anyMatch(Identifier::isWildcard)
                                    ? ""
                                    : ": \"issue\" it once with another --challenge"));
        }
    }

    private static boolean isSame(StoredCertificate present, ForeignCertificate found) {
        return present.chain() != null
                && present.chain().leaf().equals(found.chain().leaf());
    }

    private static Instant end(ForeignCertificate certificate) {
        return certificate.chain().leaf().getNotAfter().toInstant();
    }

    private static String names(ForeignCertificate certificate) {
        return certificate.identifiers().stream().map(Identifier::toString).collect(Collectors.joining(", "));
    }
}
