package io.securememory.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks tests that take long and depend little on the version of Java. The short form runs them on the newest Java alone,
 * the long form on each.
 */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(OnceInShortForm.Condition.class)
public @interface OnceInShortForm {

    /** Decides. */
    final class Condition implements ExecutionCondition {

        private static final int FIRST_OF_THE_NEWEST = 22;

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return Effort.isThorough() || Runtime.version().feature() >= FIRST_OF_THE_NEWEST
                    ? ConditionEvaluationResult.enabled("")
                    : ConditionEvaluationResult.disabled("runs on this Java with -Pthorough");
        }
    }
}
