package org.wucme.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.wucme.acme.Identifier;
import org.wucme.acme.internal.jca.Jca;
import org.wucme.acme.pki.KeyType;
import org.wucme.tls.Aliases.Named;

/**
 * The self-signed certificate that a server has until its first one is issued. Made when it is needed, again when it is about
 * to end, and kept in memory only. Thread-safe.
 */
final class TemporaryCertificate {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryCertificate.class);
    private static final String NAME = "temporary";
    private static final X500Name SUBJECT = new X500Name("CN=temporary self-signed certificate");
    private static final Duration LIFETIME = Duration.ofDays(7);
    // For clients whose clock is slow.
    private static final Duration CLOCK_SKEW = Duration.ofDays(1);
    private static final int SERIAL_BITS = 128;
    private static final String SIGNATURE = "SHA256withECDSA";

    private final Set<Identifier> identifiers;
    private final Set<String> serverNames;
    private final Aliases aliases;
    private final Clock clock;
    private @Nullable Named current;
    private Instant end = Instant.MIN;

    TemporaryCertificate(Collection<Identifier> identifiers, Aliases aliases, Clock clock) {
        this.identifiers = Set.copyOf(identifiers);
        this.serverNames = identifiers.stream()
                .map(identifier -> identifier.value().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        this.aliases = aliases;
        this.clock = clock;
    }

    /** Whether it is for this name. */
    boolean isFor(String serverName) {
        int dot = serverName.indexOf('.');
        return serverNames.contains(serverName) || (dot > 0 && serverNames.contains("*" + serverName.substring(dot)));
    }

    /** The certificate. */
    synchronized Named get() {
        Instant now = clock.instant();
        Named present = current;
        if (present != null && now.isBefore(end.minus(CLOCK_SKEW))) {
            return present;
        }
        Named made = aliases.add(NAME, make(now));
        current = made;
        end = now.plus(LIFETIME);
        LOG.warn("a temporary self-signed certificate is served until one for {} is issued", identifiers);
        return made;
    }

    private KeyMaterial make(Instant now) {
        KeyPair pair = KeyType.EC_P256.generate();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                SUBJECT,
                new BigInteger(SERIAL_BITS, Jca.random()).setBit(0),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(LIFETIME)),
                SUBJECT,
                pair.getPublic());
        try {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names()));
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .setProvider(Jca.provider("CertificateFactory", "X.509"))
                    .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE)
                            .setProvider(Jca.provider("Signature", SIGNATURE))
                            .build(pair.getPrivate())));
            return new KeyMaterial(pair.getPrivate(), List.of(certificate));
        } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a temporary certificate for " + identifiers, e);
        }
    }

    private GeneralName[] names() {
        return identifiers.stream()
                .map(identifier -> new GeneralName(
                        identifier.type().equals(Identifier.IP) ? GeneralName.iPAddress : GeneralName.dNSName,
                        identifier.value()))
                .toArray(GeneralName[]::new);
    }
}
