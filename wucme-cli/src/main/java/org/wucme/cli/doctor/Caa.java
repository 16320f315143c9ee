package org.wucme.cli.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.Identifier;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Whether the DNS lets a CA issue for a name (CAA: RFC 8659), to this account and by these challenges (RFC 8657). */
public final class Caa {

    private static final String CAA = "caa";
    private static final String ISSUE = "issue";
    private static final String ISSUE_WILD = "issuewild";
    private static final Set<String> KNOWN_TAGS = Set.of(ISSUE, ISSUE_WILD, "iodef", "issuemail", "issuevmc");
    private static final int CRITICAL = 128;

    private final Dns dns;
    private final Asker asker;

    /**
     * Who wants a certificate from whom.
     *
     * @param caIdentities names by which CAA records name the CA
     * @param accountUrl the account at that CA; null if there is none yet
     * @param challengeTypes how names can be proven
     */
    public record Asker(List<String> caIdentities, @Nullable String accountUrl, Set<String> challengeTypes) {
        public Asker {
            caIdentities = List.copyOf(caIdentities);
            challengeTypes = Set.copyOf(challengeTypes);
        }
    }

    public Caa(Dns dns, Asker asker) {
        this.dns = dns;
        this.asker = asker;
    }

    /** What the records for a name mean; nothing is found for an address, which has none. */
    public List<Finding> examine(Identifier identifier) {
        if (identifier.type().equals(Identifier.IP)) {
            return List.of();
        }
        if (asker.caIdentities().isEmpty()) {
            return List.of(Finding.ok(CAA, "the CA names no identity in CAA records, so they are not compared"));
        }
        try {
            return List.of(judge(identifier));
        } catch (IOException e) {
            return List.of(Finding.problem(
                    CAA, identifier + ": " + e.getMessage() + "; a CA that cannot read CAA records must refuse"));
        }
    }

    private Finding judge(Identifier identifier) throws IOException {
        Name name = Name.fromString(identifier.withoutWildcard().value() + ".");
        // The closest name above that has any records counts (RFC 8659 section 3).
        for (Name above = name; above.labels() > 1; above = new Name(above, 1)) {
            List<CAARecord> records = dns.records(above, Type.CAA, CAARecord.class);
            if (!records.isEmpty()) {
                return judge(identifier, above.toString(true), records);
            }
        }
        return Finding.ok(CAA, identifier + ": no CAA record, so any CA may issue");
    }

    private Finding judge(Identifier identifier, String owner, List<CAARecord> records) {
        Optional<CAARecord> unknown = records.stream()
                .filter(record -> (record.getFlags() & CRITICAL) != 0 && !KNOWN_TAGS.contains(tagOf(record)))
                .findFirst();
        if (unknown.isPresent()) {
            return Finding.problem(
                    CAA,
                    identifier + ": the critical CAA record \"" + tagOf(unknown.get()) + "\" of " + owner
                            + " is one that no CA knows, so none may issue");
        }
        List<CAARecord> relevant = relevant(records, identifier.isWildcard());
        if (relevant.isEmpty()) {
            return Finding.ok(CAA, identifier + ": the CAA records of " + owner + " restrict no CA");
        }
        List<String> refusals = new ArrayList<>();
        for (CAARecord record : relevant) {
            String refusal = refusal(record.getValue());
            if (refusal == null) {
                return Finding.ok(CAA, identifier + ": a CAA record of " + owner + " lets this CA issue");
            }
            refusals.add(refusal);
        }
        return Finding.problem(
                CAA,
                identifier + ": the CAA records of " + owner + " do not let "
                        + String.join(" or ", asker.caIdentities()) + " issue: " + String.join("; ", refusals));
    }

    private static List<CAARecord> relevant(List<CAARecord> records, boolean isWildcard) {
        List<CAARecord> forWildcards = withTag(records, ISSUE_WILD);
        return isWildcard && !forWildcards.isEmpty() ? forWildcards : withTag(records, ISSUE);
    }

    private static List<CAARecord> withTag(List<CAARecord> records, String tag) {
        return records.stream().filter(record -> tagOf(record).equals(tag)).toList();
    }

    private static String tagOf(CAARecord record) {
        return record.getTag().toLowerCase(Locale.ROOT);
    }

    /** Why a record does not let us; null if it does. */
    private @Nullable String refusal(String value) {
        String[] parts = value.split(";", -1);
        String issuer = parts[0].strip();
        if (asker.caIdentities().stream().noneMatch(issuer::equalsIgnoreCase)) {
            return issuer.isEmpty() ? "one forbids every CA" : "one is for " + issuer;
        }
        Map<String, String> parameters = Arrays.stream(parts)
                .skip(1)
                .map(part -> part.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(
                        pair -> pair[0].strip().toLowerCase(Locale.ROOT), pair -> pair[1].strip(), (a, b) -> a));
        return refusal(parameters);
    }

    private @Nullable String refusal(Map<String, String> parameters) {
        String account = parameters.get("accounturi");
        if (account != null && asker.accountUrl() != null && !account.equals(asker.accountUrl())) {
            return "one is for the account " + account + " and not for " + asker.accountUrl();
        }
        String methods = parameters.get("validationmethods");
        if (methods != null
                && Arrays.stream(methods.split(",")).map(String::strip).noneMatch(asker.challengeTypes()::contains)) {
            return "one allows " + methods + " only";
        }
        return null;
    }
}
