package org.wucme.challenges.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.wucme.acme.Identifier;
import org.wucme.acme.challenge.AccountIdentity;
import org.wucme.acme.challenge.Challenge;
import org.wucme.acme.challenge.ChallengeContext;
import org.wucme.acme.challenge.ChallengeSolver;
import org.wucme.acme.challenge.ChallengeStore;
import org.wucme.acme.challenge.ChallengeTask;
import org.wucme.acme.challenge.Http01;
import org.wucme.acme.challenge.KeyAuthorization;
import org.wucme.acme.challenge.PendingAnswer;
import org.wucme.acme.challenge.Presented;
import org.wucme.acme.internal.text.OneLine;
import org.wucme.challenges.internal.Presentations;
import org.wucme.challenges.internal.PresentedByStore;
import org.wucme.challenges.internal.SharedAnswers;
import org.wucme.challenges.internal.ThrottledLog;

/**
 * Knows the answers to http-01 challenges (RFC 8555 section 8.3); a server asks it with host and path. It does no I/O
 * unless it is shared by a {@linkplain #sharedBy(Webroot) webroot} or a {@linkplain #sharedBy(ChallengeStore) store}, is thread-safe, and serves any number of names and orders at once.
 *
 * <p>What decides is the token. The host only chooses when one token is presented for several names with different
 * answers. A request for a known token under another host is answered all the same: proxies rewrite the Host header, and
 * CAs follow redirects from one name to another. That gives nothing away, for a token is random, known to the CA and to
 * us only, and the answer proves control to nobody but the account that asked.
 */
public final class Http01Responder implements ChallengeSolver {

    /** The answer for tokens that are not presented; wµCME's documentation uses it to check that a name reaches us. */
    public static final HttpAnswer NO_SUCH_TOKEN =
            new HttpAnswer(404, "text/plain", "Challenge received but no such token.");

    private static final Logger LOG = LoggerFactory.getLogger(Http01Responder.class);

    // A CA asks from several places for each of up to 100 names.
    private static final int ANSWERS_PER_MINUTE = 1000;
    // Any client can ask for any token.
    private static final int UNKNOWN_PER_MINUTE = 10;
    private static final int LONGEST_SHOWN = 100;
    private static final int MOST_WAITING = 32;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,255}");
    private static final Pattern PREFIX = Pattern.compile("(/[!-.0->@-~]*)+");

    private final ThrottledLog answered = new ThrottledLog(LOG, Level.INFO, ANSWERS_PER_MINUTE);
    private final ThrottledLog unknown = new ThrottledLog(LOG, Level.INFO, UNKNOWN_PER_MINUTE);
    private final ThrottledLog unreadable = new ThrottledLog(LOG, Level.WARN, 1);
    private final Presentations<Presentation> byToken = new Presentations<>();
    private final @Nullable HttpAnswer noSuchToken;
    private final String pathPrefix;
    private final @Nullable Webroot others;
    private final @Nullable SharedAnswers shared;

    /** Answers {@link #NO_SUCH_TOKEN} for tokens that are not presented. */
    public Http01Responder() {
        this(NO_SUCH_TOKEN, "", null, null);
    }

    private Http01Responder(
            @Nullable HttpAnswer noSuchToken,
            String pathPrefix,
            @Nullable Webroot others,
            @Nullable SharedAnswers shared) {
        this.noSuchToken = noSuchToken;
        this.pathPrefix = pathPrefix;
        this.others = others;
        this.shared = shared;
    }

    /** A responder with another answer for tokens that are not presented. */
    public static Http01Responder withNoSuchToken(HttpAnswer answer) {
        return new Http01Responder(answer, "", null, null);
    }

    /** A responder that leaves tokens which are not presented to the server: another ACME client may know them. */
    public static Http01Responder passingUnknownTokens() {
        return new Http01Responder(null, "", null, null);
    }

    /**
     * A responder that answers below another path too, where a server in front redirects CAs, or forwards what they ask: with
     * {@code /cgi-bin/wucme}, as in wµCME, to {@code /cgi-bin/wucme/.well-known/acme-challenge/}.
     *
     * @param pathPrefix as it stands in a request, not decoded
     * @throws IllegalArgumentException if it does not begin with a slash, or is no path at all
     */
    public static Http01Responder below(String pathPrefix) {
        if (!PREFIX.matcher(pathPrefix).matches()) {
            throw new IllegalArgumentException(
                    "\"" + pathPrefix + "\" is not the beginning of a path; one looks like this: /cgi-bin/wucme");
        }
        return new Http01Responder(NO_SUCH_TOKEN, RequestPath.of(pathPrefix).replaceFirst("/$", ""), null, null);
    }

    /**
     * A responder like this one that also answers what is presented by a webroot: whatever process of this machine cannot
     * have the port, since this one has it, writes its answers there. It reads a file for each token that is not presented
     * by itself.
     */
    public Http01Responder sharedBy(Webroot webroot) {
        return new Http01Responder(noSuchToken, pathPrefix, webroot, shared);
    }

    /**
     * A responder like this one, with nothing presented yet, that also answers what any process or node presents by the same
     * store: the CA may reach another one than that which made the order. For a token that is not presented by itself, it
     * asks the store, ten times a second at most for all requests together; an answer that it presents itself does not wait
     * for that.
     */
    public Http01Responder sharedBy(ChallengeStore store) {
        return new Http01Responder(
                noSuchToken, pathPrefix, others, new SharedAnswers(store, Http01.TYPE, MOST_WAITING));
    }

    /**
     * What to answer to a GET or HEAD request. If this is {@linkplain #sharedBy(ChallengeStore) shared by a store}, a request
     * for a token that is not presented here waits for it, usually 100 ms at most; more than 32 threads do not wait at the
     * same time, and what they ask for then counts as not presented. {@link #ask} occupies no thread.
     *
     * @param host the request's Host header, with or without a port; null if it has none
     * @param rawPath the request's path, or its whole target; needless escapes, empty segments and dots do not matter
     * @return the answer, or empty if the server shall treat the request as it would without us, which is so for every
     *     path that does not begin with {@link Http01#PATH_PREFIX}, or with what comes before it
     */
    public Optional<HttpAnswer> answer(@Nullable String host, String rawPath) {
        String token = token(rawPath);
        if (token == null) {
            return withoutToken(rawPath);
        }
        return known(host, token)
                .or(() -> askedStore(token).flatMap(store -> answerOf(store.await(token))))
                .or(() -> unknown(host, token));
    }

    /**
     * What to answer to a GET or HEAD request, as {@link #answer} says, for servers that need not wait for it in a thread.
     *
     * @return completed at once, or, if this is {@linkplain #sharedBy(ChallengeStore) shared by a store}, within two seconds,
     *     from a thread that must not be kept busy
     */
    public CompletionStage<Optional<HttpAnswer>> ask(@Nullable String host, String rawPath) {
        String token = token(rawPath);
        if (token == null) {
            return CompletableFuture.completedStage(withoutToken(rawPath));
        }
        Optional<HttpAnswer> known = known(host, token);
        SharedAnswers store = askedStore(token).orElse(null);
        if (known.isPresent() || store == null) {
            return CompletableFuture.completedStage(known.or(() -> unknown(host, token)));
        }
        return store.find(token).thenApply(found -> answerOf(found).or(() -> unknown(host, token)));
    }

    // What cannot be a token is not looked for.
    private Optional<SharedAnswers> askedStore(String token) {
        return TOKEN.matcher(token).matches() ? Optional.ofNullable(shared) : Optional.empty();
    }

    // No path leads out of the challenges' folder.
    private Optional<HttpAnswer> withoutToken(String rawPath) {
        return rawPath.startsWith(Http01.PATH_PREFIX) ? Optional.ofNullable(noSuchToken) : Optional.empty();
    }

    private @Nullable String token(String rawPath) {
        String asked = RequestPath.of(rawPath);
        String path = asked.startsWith(pathPrefix + "/") ? asked.substring(pathPrefix.length()) : asked;
        // A server in front may forward what it was asked as it is, too.
        String known = path.startsWith(Http01.PATH_PREFIX) ? path : asked;
        if (!known.startsWith(Http01.PATH_PREFIX)) {
            return null;
        }
        String rest = known.substring(Http01.PATH_PREFIX.length());
        return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    }

    private Optional<HttpAnswer> known(@Nullable String host, String token) {
        List<Presentation> candidates = byToken.get(token);
        if (candidates.isEmpty()) {
            return answerOfOthers(token);
        }
        Presentation chosen = choose(candidates, HostName.of(host));
        answered.log("answering http-01 for {}", chosen.identifier);
        return Optional.of(answer(chosen.answer.value()));
    }

    private Optional<HttpAnswer> unknown(@Nullable String host, String token) {
        unknown.log(
                "an http-01 request for \"{}\" came with the token \"{}\", which is not pending here",
                shown(host),
                shown(token));
        return Optional.ofNullable(noSuchToken);
    }

    private Optional<HttpAnswer> answerOf(Optional<PendingAnswer> found) {
        found.ifPresent(answer -> answered.log("answering http-01 for {}, by the store", answer.identifier()));
        return found.map(answer -> answer(answer.keyAuthorization().value()));
    }

    private static String shown(@Nullable String untrusted) {
        return untrusted == null ? "" : OneLine.of(OneLine.cut(untrusted, LONGEST_SHOWN));
    }

    private static HttpAnswer answer(String keyAuthorization) {
        return new HttpAnswer(200, "application/octet-stream", keyAuthorization);
    }

    private Optional<HttpAnswer> answerOfOthers(String token) {
        try {
            Optional<String> answer = others == null ? Optional.empty() : others.find(token);
            answer.ifPresent(unused -> answered.log("answering http-01 for another process of this folder"));
            return answer.map(Http01Responder::answer);
        } catch (IOException e) {
            unreadable.log("an http-01 answer that another process presents cannot be read: {}", e.toString());
            return Optional.empty();
        }
    }

    @Override
    public boolean canSolve(Challenge challenge, Identifier identifier) {
        return challenge instanceof Http01 && !identifier.isWildcard();
    }

    @Override
    public String settings() {
        return pathPrefix;
    }

    /** Presents at once; several presentations of one token stand side by side. */
    @Override
    public Presented present(Challenge challenge, Identifier identifier, AccountIdentity account) {
        Http01 http01 = http01(challenge);
        Presentation presentation = new Presentation(http01.token(), identifier, http01.keyAuthorization(account));
        byToken.add(presentation.token, presentation);
        return presentation;
    }

    /** Presents at once, and puts the answer into the context's store until it is closed. */
    @Override
    public Presented present(ChallengeTask task, ChallengeContext context) throws IOException {
        return PresentedByStore.present(
                () -> present(task.challenge(), task.identifier(), task.account()),
                PendingAnswer.of(http01(task.challenge()), task.identifier(), task.account(), task.expires()),
                context.answers());
    }

    /** An http-01 challenge; any other challenge is a misuse. */
    static Http01 http01(Challenge challenge) {
        if (challenge instanceof Http01 http01) {
            return http01;
        }
        throw new IllegalArgumentException("not an http-01 challenge but " + challenge.type());
    }

    private static Presentation choose(List<Presentation> candidates, String host) {
        for (Presentation candidate : candidates) {
            if (candidate.identifier.value().equals(host)) {
                return candidate;
            }
        }
        return candidates.get(0);
    }

    private final class Presentation implements Presented {

        private final String token;
        private final Identifier identifier;
        private final KeyAuthorization answer;

        Presentation(String token, Identifier identifier, KeyAuthorization answer) {
            this.token = token;
            this.identifier = identifier;
            this.answer = answer;
        }

        @Override
        public void close() {
            byToken.remove(token, this);
        }
    }
}
