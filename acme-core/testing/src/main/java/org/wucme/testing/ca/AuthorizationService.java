package org.wucme.testing.ca;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;

/** Authorizations and their challenges (RFC 8555 section 7.5). */
final class AuthorizationService {
    private static final Duration LIFETIME = Duration.ofDays(7);

    private final Registry registry;
    private final Settings settings;
    private final Urls urls;
    private final ChallengeValidator validator;
    private final Executor background;

    AuthorizationService(
            Registry registry, Settings settings, Urls urls, ChallengeValidator validator, Executor background) {
        this.registry = registry;
        this.settings = settings;
        this.urls = urls;
        this.validator = validator;
        this.background = background;
    }

    Reply create(SignedRequest request) {
        Identifier identifier = Identifier.parse(request.payload().path("identifier"));
        boolean withSubdomains = request.payload().path("subdomainAuthAllowed").asBoolean();
        if (!settings.preAuthorization || (withSubdomains && !settings.subdomainAuth)) {
            throw Problem.notFound("Nothing is authorized ahead of an order");
        }
        if (identifier.isWildcard()) {
            throw Problem.malformed("A wildcard cannot be authorized ahead of an order");
        }
        AuthorizationState created = new AuthorizationState(
                request.account(),
                identifier,
                settings.now().plus(LIFETIME),
                settings.dnsPersistDraft,
                settings.random);
        created.preAuthorized = true;
        created.subdomainAuthAllowed = withSubdomains;
        synchronized (registry) {
            registry.add(created);
            return Reply.json(201, created.toJson(urls)).with("Location", urls.authorization(created.id));
        }
    }

    Reply authorization(SignedRequest request, String id) {
        synchronized (registry) {
            AuthorizationState authorization = registry.authorization(id);
            requireOwner(request, authorization);
            if (!request.isPostAsGet()) {
                deactivate(authorization, request.payload());
            }
            return settings.paced(
                    Endpoint.AUTHORIZATION, authorization.status, Reply.json(200, authorization.toJson(urls)));
        }
    }

    Reply challenge(SignedRequest request, String id) {
        ChallengeState challenge = registry.challenge(id);
        Reply reply;
        boolean triggered = false;
        synchronized (registry) {
            requireOwner(request, challenge.authorization);
            if (!request.isPostAsGet()) {
                triggered = trigger(challenge, request.payload());
            }
            reply = settings.paced(Endpoint.CHALLENGE, challenge.status, Reply.json(200, challenge.toJson(urls)))
                    .with("Link", "<" + urls.authorization(challenge.authorization.id) + ">;rel=\"up\"");
        }
        if (triggered) {
            validate(challenge, request);
        }
        if (triggered && settings.repliesAfterValidation) {
            synchronized (registry) {
                return settings.paced(Endpoint.CHALLENGE, challenge.status, Reply.json(200, challenge.toJson(urls)));
            }
        }
        return reply;
    }

    /** Starts the work on a pending challenge; one that was decided or is being worked on is left as it is. */
    private static boolean trigger(ChallengeState challenge, ObjectNode payload) {
        if (challenge.offer.type().equals("device-attest-01")) {
            DeviceAttest01Check.requireForm(payload);
        } else if (!payload.isEmpty()) {
            throw Problem.malformed("The answer to a " + challenge.offer.type() + " challenge is {}");
        }
        boolean isLeft = challenge.status.equals("processing") && challenge.error != null;
        boolean isOpen = challenge.status.equals("pending") || isLeft;
        if (!isOpen || !challenge.authorization.status.equals("pending")) {
            return false;
        }
        challenge.status = "processing";
        challenge.error = null;
        return true;
    }

    private void validate(ChallengeState challenge, SignedRequest request) {
        if (settings.leavesUndecided()) {
            Problem problem = new Problem(400, settings.undecidedProblem, "TestCa was told to leave this undecided");
            synchronized (registry) {
                challenge.leave(settings.undecidedStatus, problem.document());
            }
            return;
        }
        if (settings.alwaysValid) {
            pass(challenge);
            return;
        }
        ChallengeAnswer answer = new ChallengeAnswer(
                challenge,
                urls.account(request.account().id),
                Registry.thumbprint(request.key()),
                request.payload(),
                settings.now());
        background.execute(() -> {
            try {
                validator.validate(answer);
                pass(challenge);
            } catch (Problem problem) {
                fail(challenge, problem);
            } catch (RuntimeException e) {
                fail(challenge, new Problem(500, "serverInternal", "The validation broke: " + e));
            }
        });
    }

    private void pass(ChallengeState challenge) {
        synchronized (registry) {
            challenge.pass(settings.now());
        }
    }

    private void fail(ChallengeState challenge, Problem problem) {
        synchronized (registry) {
            challenge.fail(problem.document());
        }
    }

    private static void deactivate(AuthorizationState authorization, ObjectNode payload) {
        if (!payload.path("status").asText().equals("deactivated")) {
            throw Problem.malformed("An authorization can be deactivated, and nothing else");
        }
        if (!Set.of("pending", "valid").contains(authorization.status)) {
            throw Problem.malformed("The authorization is " + authorization.status + " already");
        }
        authorization.status = "deactivated";
    }

    private static void requireOwner(SignedRequest request, AuthorizationState authorization) {
        if (authorization.account != request.account()) {
            throw Problem.unauthorized("This authorization belongs to another account");
        }
    }
}
