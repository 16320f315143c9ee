package org.wucme.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What a process has used since it started.
 *
 * @param wallNanos time since the start of the JVM
 * @param cpuNanos time of all its threads on a processor
 * @param allocatedBytes what the threads that live allocated; those that ended are missing
 */
record Reading(long wallNanos, long cpuNanos, long allocatedBytes) {

    /** Of this process, now. */
    static Reading now() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(count -> count > 0)
                .sum();
        long uptimeMillis = ManagementFactory.getRuntimeMXBean().getUptime();
        return new Reading(uptimeMillis * 1_000_000, system.getProcessCpuTime(), bytes);
    }

    /** What was used between an earlier reading and this one. */
    Reading since(Reading earlier) {
        return new Reading(
                wallNanos - earlier.wallNanos, cpuNanos - earlier.cpuNanos, allocatedBytes - earlier.allocatedBytes);
    }

    /** One line, for {@link #parse}. */
    String format() {
        return wallNanos + " " + cpuNanos + " " + allocatedBytes;
    }

    static Reading parse(String line) {
        long[] numbers =
                Arrays.stream(line.split(" ", -1)).mapToLong(Long::parseLong).toArray();
        return new Reading(numbers[0], numbers[1], numbers[2]);
    }

    double seconds() {
        return wallNanos / 1e9;
    }
}
