/** What the responders of all challenge types have in common. */
@NullMarked
package org.wucme.challenges;

import org.jspecify.annotations.NullMarked;
