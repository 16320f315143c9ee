package org.wucme.store;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was done with the present certificate once it was stored, such as that a server loaded it. Immutable.
 *
 * @param pending the names of deployments that are known to be pending; a process that knows others finds them missing in
 *     {@code done}
 * @param done the names of those that were done, in that order
 * @param failure why the next one was not done yet; null if it did not fail
 */
public record Deployments(
        List<String> pending, List<String> done, @Nullable DeploymentFailure failure) {

    /** Nothing done and nothing known to be pending. */
    public static final Deployments NONE = new Deployments(List.of(), List.of(), null);

    public Deployments {
        pending = List.copyOf(pending);
        done = List.copyOf(done);
    }

    /**
     * Those of the certificate that replaces the present one.
     *
     * @param known all that there are; if there are none, the same as with the present one
     */
    public Deployments forReplacement(Collection<String> known) {
        Set<String> all = new LinkedHashSet<>(known);
        if (known.isEmpty()) {
            all.addAll(done);
            all.addAll(pending);
        }
        return new Deployments(List.copyOf(all), List.of(), null);
    }

    /** Which of these are not done yet, in their order. */
    public List<String> missing(Collection<String> known) {
        return known.stream().filter(name -> !done.contains(name)).toList();
    }

    /** If these are all that there are. */
    public Deployments knowing(Collection<String> known) {
        return new Deployments(missing(known), done, null);
    }

    /**
     * After one of them was done.
     *
     * @param known all that there are
     */
    public Deployments done(String name, Collection<String> known) {
        Set<String> all = new LinkedHashSet<>(done);
        all.add(name);
        return new Deployments(pending, List.copyOf(all), null).knowing(known);
    }

    /**
     * After one of them failed.
     *
     * @param known all that there are
     */
    public Deployments failed(DeploymentFailure why, Collection<String> known) {
        return new Deployments(missing(known), done, why);
    }

    /** Without the failure. */
    public Deployments withoutFailure() {
        return new Deployments(pending, done, null);
    }

    /** With the next attempt at a time; failures still count. */
    public Deployments retriedAt(Instant time) {
        return failure == null
                ? this
                : new Deployments(pending, done, new DeploymentFailure(failure.failures(), failure.problem(), time));
    }

    /** If none of them was done with the present certificate. */
    public Deployments undone() {
        return new Deployments(pending, List.of(), null);
    }
}
