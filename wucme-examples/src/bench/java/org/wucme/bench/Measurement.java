package org.wucme.bench;

/**
 * What one contender needed for one scenario.
 *
 * @param used by its process
 * @param requests that the CA counted
 * @param connections that the relay counted
 */
record Measurement(Reading used, long requests, int connections) {}
