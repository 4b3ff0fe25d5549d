package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prefectc/prefectc/schema"
)

// All lists every rule, one line each, in the order of the alphabet.
func All() []*Rule {
	return []*Rule{
		ambiguousScalar,
		blockWithText,
		classMethodEntrypoint,
		cronDayAndWeekday,
		dateInStep,
		deprecatedScheduleKey,
		deprecatedStep,
		dockerBuildArgs,
		dockerBuildPushArgument,
		dockerBuildWithoutPull,
		dockerImageTagArgument,
		duplicateAnchor,
		duplicateDeployment,
		duplicateKey,
		duplicateSlug,
		duplicateStepID,
		emptyPullFallsBack,
		emptyPushFallsBack,
		entrypointFileNotFound,
		envFrozenInPull,
		envNotExpanded,
		environmentWithoutDollar,
		exclusiveKeys,
		flagAsText,
		flowNotFound,
		ignoredDayOr,
		ignoredFailure,
		ignoredKey,
		imageWithoutPull,
		impossibleCron,
		infiniteNumber,
		intervalWithoutAnchorDate,
		invalidAnchorDate,
		invalidCron,
		invalidEncoding,
		invalidEntrypoint,
		invalidFlowName,
		invalidInterval,
		invalidMerge,
		invalidRRule,
		invalidScalar,
		invalidStepPath,
		invalidTag,
		invalidTimezone,
		invalidTrigger,
		invalidValue,
		invalidVariableName,
		jobVariableType,
		keyNotText,
		literalToken,
		malformedBlockReference,
		malformedTemplate,
		mergeConflict,
		missingEntrypoint,
		missingKey,
		missingName,
		missingRequiredParameter,
		missingStepArgument,
		missingWorkPool,
		mixedSlugs,
		moduleEntrypointWithoutPull,
		moduleLevelFlowCall,
		multipleDocuments,
		naiveAnchorDate,
		nameEndsWithPy,
		notAFlow,
		pythonSyntax,
		notAMapping,
		nullValue,
		parameterType,
		personalPath,
		placeholderTextLeft,
		pullImplicitLocalPath,
		recursiveAlias,
		refKeyWithText,
		referenceOrder,
		removedStep,
		repositoryTrailingSlash,
		requiresMismatch,
		requiresReinstalls,
		rruleNeverRuns,
		runTimeReference,
		scheduleAndSchedules,
		scheduleNotAMapping,
		secretInClear,
		setWorkingDirectoryInBuild,
		shadowedOutput,
		shellBuiltin,
		shellLinesShareNothing,
		shellOperatorWithoutShell,
		slaNeedsCloud,
		stepArgumentConstraint,
		stepArgumentType,
		stepIDEqualsOutput,
		stepOutputTooLate,
		stepShape,
		tabIndentation,
		tagsNotAList,
		templateSource,
		templatedKey,
		templatedStepID,
		templatedStepPath,
		tokenOnPlainURL,
		tooLarge,
		trailingComma,
		triggerMatchesEverything,
		unhashableKey,
		unknownAlias,
		unknownKey,
		unknownParameter,
		unknownReference,
		unknownStep,
		unknownStepArgument,
		unknownStepOutput,
		unknownTag,
		unquotedDate,
		unquotedStar,
		unquotedTemplate,
		unreachableStepID,
		unsafeDeploymentName,
		unusedAnchor,
		UnusedIgnore,
		wrongGeneration,
		wrongGenerationStep,
		wrongType,
		yamlSyntax,
	}
}

// UnknownRuleError names a rule that does not exist.
type UnknownRuleError struct {
	Name    string
	Nearest string
}

func (e *UnknownRuleError) Error() string {
	msg := fmt.Sprintf("there is no rule %q", e.Name)
	if e.Nearest != "" {
		msg += fmt.Sprintf(", did you mean %q", e.Nearest)
	}
	return msg
}

// Find looks a rule up by name.
func Find(name string) (*Rule, error) {
	all := All()
	for _, r := range all {
		if r.Name == name {
			return r, nil
		}
	}
	names := make([]string, len(all))
	for i, r := range all {
		names[i] = r.Name
	}
	return nil, &UnknownRuleError{Name: name, Nearest: schema.Nearest(name, names)}
}

// Choose gives the rules to run: those selected, or all, without those ignored.
func Choose(selected, ignored []string) ([]*Rule, error) {
	for _, name := range slices.Concat(selected, ignored) {
		if _, err := Find(strings.TrimSpace(name)); err != nil {
			return nil, err
		}
	}
	var out []*Rule
	for _, r := range All() {
		if len(selected) > 0 && !slices.Contains(selected, r.Name) || slices.Contains(ignored, r.Name) {
			continue
		}
		out = append(out, r)
	}
	return out, nil
}
