package org.wucme.acme.pki;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.internal.jca.PlatformKeys;
import org.wucme.acme.internal.text.OneLine;

/**
 * A chain put together from certificates in any order: the leaf, then each one's issuer, found by name and signature. What
 * is no link of it is left out: duplicates, roots of others, other leaves. Certificates that are a chain already stay as they
 * are, a root at the end included. Immutable.
 *
 * <p>The work is bounded, whatever is in the certificates: at most a hundred signatures are checked.
 */
public final class ChainAssembly {

    private static final int MOST_CHECKS = 50;
    private static final int MOST_NAMED = 5;

    private final CertificateChain chain;
    private final List<X509Certificate> surplus;
    private final boolean isReordered;
    private final @Nullable X509Certificate impostor;

    private ChainAssembly(
            List<X509Certificate> links, Collection<X509Certificate> all, @Nullable X509Certificate impostor) {
        List<X509Certificate> left = new ArrayList<>(all);
        links.forEach(left::remove);
        List<X509Certificate> asGiven = new ArrayList<>(new LinkedHashSet<>(all));
        asGiven.retainAll(links);
        this.chain = new CertificateChain(links);
        this.surplus = List.copyOf(left);
        this.isReordered = !asGiven.equals(links);
        this.impostor = impostor;
    }

    /**
     * The chain above a leaf.
     *
     * @param certificates in any order, the leaf perhaps among them
     */
    public static ChainAssembly above(X509Certificate leaf, Collection<X509Certificate> certificates) {
        List<X509Certificate> all = List.copyOf(certificates);
        if (!all.isEmpty() && all.get(0).equals(leaf) && isChain(all)) {
            return new ChainAssembly(all, all, null);
        }
        return new Search(leaf, all).run();
    }

    /**
     * The certificates of a key, in their order but those of authorities last; several if the key was certified more than once.
     */
    public static List<X509Certificate> ofKey(PublicKey key, Collection<X509Certificate> certificates) {
        return certificates.stream()
                .distinct()
                .filter(certificate -> Arrays.equals(certificate.getPublicKey().getEncoded(), key.getEncoded()))
                .sorted(Comparator.comparing(ChainAssembly::isAuthority))
                .toList();
    }

    /**
     * The certificates that may be a leaf where there is no key to find it by, in their order: those whose name is not that of
     * the issuer of another, without those of authorities if there are others.
     */
    public static List<X509Certificate> leaves(Collection<X509Certificate> certificates) {
        Set<X509Certificate> all = new LinkedHashSet<>(certificates);
        List<X509Certificate> lowest = all.stream()
                .filter(certificate -> all.stream()
                        .noneMatch(other -> !other.equals(certificate) && isNamedIssuer(certificate, other)))
                .toList();
        List<X509Certificate> leaves =
                lowest.stream().filter(certificate -> !isAuthority(certificate)).toList();
        return leaves.isEmpty() ? lowest : leaves;
    }

    private static boolean isAuthority(X509Certificate certificate) {
        return certificate.getBasicConstraints() >= 0;
    }

    /** The leaf and those above it. */
    public CertificateChain chain() {
        return chain;
    }

    /** What is no link of the chain, in its order; a duplicate is in it once less than it was given. */
    public List<X509Certificate> surplus() {
        return surplus;
    }

    /**
     * A certificate with the name of the issuer of the {@linkplain CertificateChain#topmost() topmost} one, whose key did not
     * sign it: then the right one is missing.
     */
    public Optional<X509Certificate> impostor() {
        return Optional.ofNullable(impostor);
    }

    /** What was wrong with the certificates as they were given, in words for a log; empty if they were a chain. */
    public Optional<String> remark() {
        List<String> remarks = new ArrayList<>();
        if (isReordered) {
            remarks.add("the certificates are out of order, since a chain begins with the leaf");
        }
        if (!surplus.isEmpty()) {
            remarks.add("not part of the chain: " + names(surplus));
        }
        return remarks.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", remarks));
    }

    private String names(List<X509Certificate> certificates) {
        String names = certificates.stream()
                .limit(MOST_NAMED)
                .map(one -> nameOf(one) + (chain.certificates().contains(one) ? " (a duplicate)" : ""))
                .collect(Collectors.joining(", "));
        int more = certificates.size() - MOST_NAMED;
        return more > 0 ? names + " and " + more + " more" : names;
    }

    /** The subject in one line, in quotation marks. */
    static String nameOf(X509Certificate certificate) {
        return '"' + OneLine.of(certificate.getSubjectX500Principal().getName()) + '"';
    }

    // A chain of honest length is checked in the order in which it comes, so that nothing of it is lost.
    private static boolean isChain(List<X509Certificate> all) {
        if (all.size() > MOST_CHECKS || new LinkedHashSet<>(all).size() < all.size()) {
            return false;
        }
        for (int i = 0; i + 1 < all.size(); i++) {
            if (!isNamedIssuer(all.get(i + 1), all.get(i)) || !hasSigned(all.get(i + 1), all.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNamedIssuer(X509Certificate issuer, X509Certificate certificate) {
        return Objects.equals(issuer.getSubjectX500Principal(), certificate.getIssuerX500Principal());
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return isNamedIssuer(certificate, certificate);
    }

    private static boolean hasSigned(X509Certificate issuer, X509Certificate certificate) {
        try {
            PlatformKeys.verify(certificate, issuer);
            return true;
        } catch (NoSuchAlgorithmException unknownHere) {
            // As CertificateChain.requireLinks has it: what cannot be checked goes by its name.
            return true;
        } catch (GeneralSecurityException notSigned) {
            return false;
        }
    }

    /** Climbs from the leaf, one issuer after the other, and never back. */
    private static final class Search {

        private final Collection<X509Certificate> all;
        private final Set<X509Certificate> unused;
        private final List<X509Certificate> links = new ArrayList<>();
        private int checks;
        private @Nullable X509Certificate impostor;

        Search(X509Certificate leaf, Collection<X509Certificate> all) {
            this.all = all;
            this.unused = new LinkedHashSet<>(all);
            this.unused.remove(leaf);
            this.links.add(leaf);
        }

        ChainAssembly run() {
            X509Certificate next = links.get(0);
            while (next != null) {
                next = isRoot(next) ? null : issuerOf(next);
                if (next != null) {
                    unused.remove(next);
                    links.add(next);
                }
            }
            return new ChainAssembly(links, all, impostor);
        }

        // By its signature too: when an authority changes its key, the old one signs the new one under the same name.
        private boolean isRoot(X509Certificate certificate) {
            return isSelfIssued(certificate) && isSignedBy(certificate, certificate);
        }

        private boolean isSignedBy(X509Certificate issuer, X509Certificate certificate) {
            return checks++ < MOST_CHECKS && hasSigned(issuer, certificate);
        }

        private @Nullable X509Certificate issuerOf(X509Certificate certificate) {
            List<X509Certificate> named = unused.stream()
                    .filter(one -> isNamedIssuer(one, certificate))
                    .limit(MOST_CHECKS)
                    .sorted(Comparator.comparing(this::howSoonItEnds))
                    .toList();
            for (X509Certificate candidate : named) {
                if (isSignedBy(candidate, certificate)) {
                    return candidate;
                }
            }
            impostor = named.isEmpty() ? null : named.get(0);
            return null;
        }

        // Of an authority that is certified by several others, the one whose issuer is here too is the way on.
        private int howSoonItEnds(X509Certificate candidate) {
            if (isSelfIssued(candidate)) {
                return 2;
            }
            return unused.stream().anyMatch(one -> isNamedIssuer(one, candidate)) ? 0 : 1;
        }
    }
}
