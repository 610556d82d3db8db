import { listServices, type createSlo, type SloDetail, type SloInput, type updateSlo } from '@nines/contracts'
import { Select, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { objectiveFieldName, objectiveToValues, valuesToObjective } from '../model/objective-values.ts'
import { backtestDraft } from '../model/backtest-draft.ts'
import { emptySli, sliFieldName, sliToValues, valuesToSli } from '../model/sli-form.ts'
import type { SloDraft } from '../model/slo-draft.ts'
import type { SloFormValues } from '../model/slo-form-values.ts'
import { slugify, slugOf } from '../model/slugify.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { useRouteForm } from '../queries/use-route-form.ts'
import { BacktestPanel } from './backtest/backtest-panel.tsx'
import { FormActions } from './form-parts.tsx'
import { ObjectivesFields } from './objective-fields.tsx'
import { SliFields } from './sli-fields.tsx'
import { SliPreview } from './sli-preview.tsx'

function valuesOf(slo: SloDetail | undefined, draft: SloDraft | null): SloFormValues {
  const given = slo ?? draft
  return {
    name: given?.name ?? '',
    slug: given?.slug ?? '',
    description: given?.description ?? '',
    serviceId: slo?.service.id ?? draft?.serviceId ?? '',
    sli: given === null ? emptySli() : sliToValues(given.sli),
    objective: objectiveToValues(given ?? undefined),
    furtherObjectives: (slo?.furtherObjectives ?? []).map(objectiveToValues),
  }
}

function bodyOf(values: SloFormValues): SloInput {
  return {
    name: values.name,
    slug: slugOf(values.slug, values.name),
    description: values.description,
    serviceId: values.serviceId,
    sli: valuesToSli(values.sli),
    ...valuesToObjective(values.objective),
    furtherObjectives: values.furtherObjectives.map(valuesToObjective),
  }
}

function fieldName(path: string, { sli }: SloFormValues): string {
  if (/^(target|window)\b/.test(path)) return objectiveFieldName(`objective.${path}`)
  return path.startsWith('furtherObjectives') ? objectiveFieldName(path) : sliFieldName(path, sli)
}

interface SloFormProps {
  route: typeof createSlo | typeof updateSlo
  slo?: SloDetail
  /** What a new one begins with. */
  draft?: SloDraft | null
  onDone: (slo: SloDetail) => void
  onCancel: () => void
}

/** Creates or changes an SLO, with the last hour of the SLI beside the form. */
export function SloForm({ route, slo, draft = null, onDone, onCancel }: SloFormProps) {
  const { form, submit, mutation } = useRouteForm({
    route,
    params: slo === undefined ? undefined : { id: slo.id },
    initialValues: valuesOf(slo, draft),
    toBody: bodyOf,
    fieldName,
    onDone,
  })
  return (
    <div className="form-page">
      <form className="form-grid" noValidate onSubmit={submit}>
        <Identity form={form} />
        <SliFields form={form} sloId={slo?.id} />
        <ObjectivesFields form={form} />
        <FormActions
          submit={slo === undefined ? 'Create SLO' : 'Save SLO'}
          pending={mutation.isPending}
          error={mutation.error}
          failed="The SLO was not saved."
          onCancel={onCancel}
        >
          {slo === undefined ? (
            <span className="hint">Three rules come with it: one pages, one opens a ticket, one tells of silence.</span>
          ) : (
            <span className="hint">A new SLI, target or window makes version {slo.version + 1}.</span>
          )}
        </FormActions>
      </form>
      <aside className="form-aside" aria-label="Preview">
        {form.values.sli.kind !== 'composite' && (
          <SliPreview sli={form.values.sli} target={valuesToObjective(form.values.objective).target} />
        )}
        <BacktestPanel draft={backtestDraft(form.values, slo?.id)} />
      </aside>
    </div>
  )
}

type Form = UseFormReturnType<SloFormValues>

function Identity({ form }: { form: Form }) {
  const services = useApiQuery(listServices, {})
  return (
    <>
      <div className="form-row">
        <TextInput label="Name" placeholder="Checkout succeeds" {...form.getInputProps('name')} />
        <Select
          label="Service"
          searchable
          data={(services.data?.items ?? []).map((service) => ({ value: service.id, label: service.name }))}
          error={form.errors.serviceId}
          value={form.values.serviceId === '' ? null : form.values.serviceId}
          onChange={(value) => form.setFieldValue('serviceId', value ?? '')}
        />
      </div>
      <Textarea
        label="What it promises to users"
        autosize
        minRows={2}
        maxRows={6}
        {...form.getInputProps('description')}
      />
      <TextInput
        label="Short name"
        description="For links and SLOs as code"
        placeholder={slugify(form.values.name)}
        {...form.getInputProps('slug')}
      />
    </>
  )
}
