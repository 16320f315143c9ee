package org.wucme.challenges.tlsalpn;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.wucme.acme.AcmeException;
import org.wucme.acme.Deadline;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.KeyAuthorization;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.challenge.TlsAlpn01;
import org.wucme.challenges.internal.Presentations;
import org.wucme.challenges.internal.PresentedByStore;
import org.wucme.challenges.internal.SharedAnswers;

/**
 * Knows the certificates that answer tls-alpn-01 challenges (RFC 8737); a {@link TlsAlpn01KeyManager} serves them. It
 * does no I/O unless it is {@linkplain #sharedBy shared by a store}, is thread-safe, and serves any number of names and orders at once.
 *
 * <p>A handshake tells the name, but not the token. So when one name is presented twice with different answers, by two
 * orders that don't share an authorization, they take turns: the first is served until it is closed, and
 * {@link Presented#awaitVisible} of the second waits for that.
 */
public final class TlsAlpn01Responder implements ChallengeSolver {

    private static final Duration TURN_CHECK = Duration.ofMillis(50);
    private static final int MOST_WAITING = 8;
    private static final int MOST_KEPT = 1000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,253}");
    private static final String ALIAS_PREFIX = TlsAlpn01.PROTOCOL + " ";

    private final Presentations<Presentation> byServerName = new Presentations<>();
    private final Map<String, Presentation> byAlias = new ConcurrentHashMap<>();
    private final AtomicLong count = new AtomicLong();
    private final Map<String, ChallengeCertificate> fromStore = new ConcurrentHashMap<>();
    private final @Nullable SharedAnswers shared;

    /** With nothing presented. */
    public TlsAlpn01Responder() {
        this(null);
    }

    private TlsAlpn01Responder(@Nullable SharedAnswers shared) {
        this.shared = shared;
    }

    /**
     * A responder with nothing presented yet that also answers what any process or node presents by the same store: the CA may
     * reach another one than that which made the order. For a name that is not presented by itself, it asks the store, ten
     * times a second at most for all handshakes together; an answer that it presents itself does not wait for that.
     */
    public TlsAlpn01Responder sharedBy(ChallengeStore store) {
        return new TlsAlpn01Responder(new SharedAnswers(store, TlsAlpn01.TYPE, MOST_WAITING));
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return challenge instanceof TlsAlpn01 && !identifier.isWildcard();
    }

    /** Makes the certificate and presents it, at once or when it is its turn. */
    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
        if (!(challenge instanceof TlsAlpn01 tlsAlpn01) || !canSolve(challenge, identifier)) {
            throw new IllegalArgumentException("cannot validate " + identifier + " by " + challenge.type() + " here");
        }
        Presentation presentation = new Presentation(identifier, tlsAlpn01.keyAuthorization(account));
        byAlias.put(presentation.alias, presentation);
        byServerName.add(presentation.serverName, presentation);
        return presentation;
    }

    /** Presents the certificate, and puts the answer into the context's store until it is closed. */
    @Override
    public Presented present(ChallengeTask task, ChallengeContext context) throws IOException {
        return PresentedByStore.present(
                () -> present(task.challenge(), task.identifier(), task.account()),
                PendingAnswer.of((TlsAlpn01) task.challenge(), task.identifier(), task.account(), task.expires()),
                context.answers());
    }

    /** Whether an alias is one of ours, presented or not. */
    static boolean isAlias(String alias) {
        return alias.startsWith(ALIAS_PREFIX);
    }

    /** The alias of what is served under a server name (SNI, in any case); null if nothing is. */
    @Nullable
    String aliasFor(String serverName) {
        List<Presentation> presented = byServerName.get(serverName.toLowerCase(Locale.ROOT));
        return presented.isEmpty() ? null : presented.get(0).alias;
    }

    /** The alias of what is served under a server name here, or by the store, which is waited for; null if nothing is. */
    @Nullable
    String aliasAnywhere(String serverName) {
        String here = aliasFor(serverName);
        String name = serverName.toLowerCase(Locale.ROOT);
        if (here != null || shared == null || !NAME.matcher(name).matches()) {
            return here;
        }
        return shared.await(name).map(this::aliasOf).orElse(null);
    }

    /** The alias of what is served by the store, if anything is under a server name, and nothing is here. */
    CompletionStage<Optional<String>> ask(@Nullable String serverName) {
        String name = serverName == null ? "" : serverName.toLowerCase(Locale.ROOT);
        if (shared == null || !NAME.matcher(name).matches() || aliasFor(name) != null) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return shared.find(name).thenApply(found -> found.map(this::aliasOf));
    }

    // By its content: what is kept under an alias is always right, whatever the store says next.
    private String aliasOf(PendingAnswer answer) {
        String alias =
                ALIAS_PREFIX + answer.key() + " " + answer.keyAuthorization().dnsValue();
        if (fromStore.size() >= MOST_KEPT) {
            fromStore.clear();
        }
        fromStore.computeIfAbsent(
                alias, unused -> ChallengeCertificate.create(answer.identifier(), answer.keyAuthorization()));
        return alias;
    }

    /** What an alias stands for; null once it is withdrawn. */
    @Nullable
    ChallengeCertificate certificate(String alias) {
        Presentation presentation = byAlias.get(alias);
        return presentation == null ? fromStore.get(alias) : presentation.certificate;
    }

    private final class Presentation implements Presented {

        private final String alias = ALIAS_PREFIX + count.incrementAndGet();
        private final Identifier identifier;
        private final String serverName;
        private final KeyAuthorization answer;
        private final ChallengeCertificate certificate;

        Presentation(Identifier identifier, KeyAuthorization answer) {
            this.identifier = identifier;
            this.serverName = TlsAlpn01.serverName(identifier).toLowerCase(Locale.ROOT);
            this.answer = answer;
            this.certificate = ChallengeCertificate.create(identifier, answer);
        }

        @Override
        public void awaitVisible(Deadline deadline) throws IOException {
            while (!isServed()) {
                if (deadline.hasPassed()) {
                    throw new AcmeException("another order proves " + identifier
                            + " by tls-alpn-01 at this moment and was not done in time; try again");
                }
                deadline.sleep(TURN_CHECK);
            }
        }

        private boolean isServed() {
            List<Presentation> presented = byServerName.get(serverName);
            return !presented.isEmpty() && presented.get(0).answer.value().equals(answer.value());
        }

        @Override
        public void close() {
            byServerName.remove(serverName, this);
            byAlias.remove(alias);
        }
    }
}
