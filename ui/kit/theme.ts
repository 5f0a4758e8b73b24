import {
  Button,
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  Modal,
  type VariantColorsResolver,
} from '@mantine/core';

const pine = [
  '#e9f3ef',
  '#d3e5de',
  '#a9cbc0',
  '#7cb0a1',
  '#559886',
  '#348372',
  '#1f6f60',
  '#0f5c50',
  '#0a463d',
  '#06322b',
] as const;
const paper = [
  '#faf9f6',
  '#f0eee8',
  '#e5e2d9',
  '#d8d4c9',
  '#cdc9bd',
  '#a8a499',
  '#626b66',
  '#46504b',
  '#2a332f',
  '#18201d',
] as const;
const night = [
  '#e9ece7',
  '#b6beb8',
  '#909a94',
  '#6f7973',
  '#3a433e',
  '#272e2a',
  '#171c19',
  '#111513',
  '#0d100f',
  '#090b0a',
] as const;

// Buttons take the palette's own ink instead of Mantine's shades: in the dark a filled button is light with dark letters.
const variants: VariantColorsResolver = (input) => {
  const base = defaultVariantColorsResolver(input);
  const tone = input.color === 'red' ? 'red' : 'accent';
  if (input.color !== undefined && input.color !== 'pine' && input.color !== 'red') return base;
  switch (input.variant) {
    case 'filled':
      return {
        background: `var(--${tone})`,
        hover: tone === 'accent' ? 'var(--accent-strong)' : 'color-mix(in srgb, var(--red) 88%, var(--ink))',
        color: 'var(--on-accent)',
        border: '1px solid transparent',
      };
    case 'light':
      return {
        background: `var(--${tone}-soft)`,
        hover: `color-mix(in srgb, var(--${tone}-soft) 86%, var(--ink))`,
        color: `var(--${tone})`,
        border: '1px solid transparent',
      };
    case 'subtle':
      return {
        background: 'transparent',
        hover: 'var(--hover)',
        color: `var(--${tone})`,
        border: '1px solid transparent',
      };
    case 'outline':
      return {
        background: 'transparent',
        hover: 'var(--hover)',
        color: `var(--${tone})`,
        border: '1px solid var(--line-strong)',
      };
    default:
      return base;
  }
};

export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 3 },
  colors: { pine: [...pine], gray: [...paper], dark: [...night] },
  white: '#fffefb',
  black: '#18201d',
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--font)', fontWeight: '600' },
  defaultRadius: 6,
  fontSizes: { xs: '12px', sm: '13.5px', md: '14px', lg: '16px', xl: '19px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  variantColorResolver: variants,
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    Modal: Modal.extend({ defaultProps: { centered: true, radius: 10, closeButtonProps: { 'aria-label': 'Close' } } }),
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
    TextInput: { defaultProps: { size: 'sm' } },
    // Choosing what is chosen already must not empty the field; what may be empty has a cross for that.
    Select: {
      defaultProps: { size: 'sm', allowDeselect: false, checkIconPosition: 'right', comboboxProps: { shadow: 'md' } },
    },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, offset: 6 } },
  },
});

export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-3)',
    '--mantine-color-anchor': 'var(--accent)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--red)',
    '--mantine-color-disabled': 'var(--sunken)',
    '--mantine-color-disabled-color': 'var(--ink-3)',
    '--mantine-primary-color-filled': 'var(--accent)',
    '--mantine-primary-color-filled-hover': 'var(--accent-strong)',
    '--mantine-primary-color-contrast': 'var(--on-accent)',
    '--mantine-shadow-md': 'var(--shadow)',
    '--mantine-shadow-xl': 'var(--shadow)',
  };
  return { variables: {}, light: shared, dark: shared };
};
