# Var[psi_t] and the size of the update along recorded gradients, with the laws that know ever more of them
# gnuplot gradient_ladder.gp   draws gradient_ladder.svg from gradient_ladder.csv, all beside this script.
# rsvg-convert -f pdf -o gradient_ladder.pdf gradient_ladder.svg   makes the PDF of that, with text as text.

reset
set encoding utf8
# Work beside the script, wherever gnuplot was started.
end_of_folder = 0
if (exists('ARG0')) { do for [i=1:strlen(ARG0)] { if (ARG0[i:i] eq '/') { end_of_folder = i } } }
if (end_of_folder > 0) { cd ARG0[1:end_of_folder] }

# 6.9 by 4.1167 inches at 96 pixels to the inch; fontscale and linewidth make sizes points.
set terminal svg size 662,395 fixed enhanced font 'Liberation Sans,8' \
    fontscale 1.3333 linewidth 1.3333 background '#ffffff' name 'gradient_ladder'
# sed: without xml:space, programs drop the spaces beside a subscript; the further fonts have the same widths.
set output "| sed -e 's/<text>/<text xml:space=\"preserve\">/' \
    -e 's/\"Liberation Sans\"/\"Liberation Sans, Arial, Helvetica, sans-serif\"/' > gradient_ladder.svg"

# The tables: the first line names the columns. cell('y') ends a line at an empty cell, where a bare 'y' draws on
# to the next point; cell_where('mu', 0.1, 'y') takes the rows in which mu is 0.1, which must follow each other.
set datafile separator comma
set datafile columnheaders
cell(name) = strlen(strcol(name)) ? column(name) : NaN
cell_where(key, number, name) = column(key) == number ? cell(name) : NaN

# Axes below and at the left, ticks outwards, a light grid behind.
set minussign
set border 3 linewidth 0.5 linecolor rgb '#000000'
set tics nomirror out scale 0.5,0.25 offset 0,0
set format '%g'
set grid xtics ytics back linetype 1 linewidth 0.4 linecolor rgb '#dddddd' dashtype solid
set style fill solid 1 noborder
set key noautotitle samplen 2.5 spacing 1.1
set samples 500

# Colours of Okabe and Ito, with dashes, so that lines differ without colour too.
set linetype 1 linecolor rgb '#000000' linewidth 1 dashtype solid pointtype 7 pointsize 0.3
set linetype 2 linecolor rgb '#0072b2' linewidth 1 dashtype (8,3) pointtype 5 pointsize 0.3
set linetype 3 linecolor rgb '#d55e00' linewidth 1 dashtype (10,3,2,3) pointtype 9 pointsize 0.3
set linetype 4 linecolor rgb '#009e73' linewidth 1 dashtype (2,2.5) pointtype 11 pointsize 0.3
set linetype 5 linecolor rgb '#cc79a7' linewidth 1 dashtype (10,3,2,3,2,3) pointtype 6 pointsize 0.3
set linetype 6 linecolor rgb '#e69f00' linewidth 1 dashtype (16,4) pointtype 4 pointsize 0.3
set linetype 7 linecolor rgb '#56b4e9' linewidth 1 dashtype (5,2.5) pointtype 8 pointsize 0.3

set multiplot
set logscale x 10
set mxtics 10
set logscale y 10
set mytics 10
set xrange [0.9:500]

# Panel 1.
set margins screen 0.0845, screen 0.4859, screen 0.5067, screen 0.8516
set title 'theta0\_noise' offset 0,-0.7
set format x ''
set format y '%g'
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
set ylabel 'Var[{/:Italic ψ_t}]' offset 0.3,0
set format y '10^{%T}'
set yrange [1e-5:1e3]
set ytics 1e-5,100
plot 'gradient_ladder.csv' using 't':(cell('var_normal')) every ::0::8 with lines linetype 1 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_normal_with_means')) every ::0::8 with lines linetype 3 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_marginal')) every ::0::8 with lines linetype 4 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_ar1')) every ::0::8 with lines linetype 5 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_common_scales')) every ::0::8 with lines linetype 7 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_own_scales')) every ::0::8 with lines linetype 6 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_psi')) every ::0::8 with points linetype 2 pointtype 7 pointsize 0.5

# Panel 2.
set margins screen 0.5825, screen 0.9839, screen 0.5067, screen 0.8516
set title 'theta0\_noise' offset 0,-0.7
set format x ''
set format y ''
set xlabel '' offset 0,0.5
set ylabel '' offset 0.3,0
set ylabel 'update, root mean square' offset 0.3,0
set format y '10^{%T}'
set yrange [1e-1:1.3]
set ytics 1e-1,10
plot 'gradient_ladder.csv' using 't':(cell('update_rms_normal')) every ::0::8 with lines linetype 1 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_normal_with_means')) every ::0::8 with lines linetype 3 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms')) every ::0::8 with points linetype 2 pointtype 7 pointsize 0.5

# Panel 3.
set margins screen 0.0845, screen 0.4859, screen 0.0945, screen 0.4393
set title 'adam\_warmup' offset 0,-0.7
set format x '10^{%T}'
set format y '%g'
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel '' offset 0.3,0
set ylabel 'Var[{/:Italic ψ_t}]' offset 0.3,0
set format y '10^{%T}'
set yrange [1e-5:1e3]
set ytics 1e-5,100
plot 'gradient_ladder.csv' using 't':(cell('var_normal')) every ::9::17 with lines linetype 1 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_normal_with_means')) every ::9::17 with lines linetype 3 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_marginal')) every ::9::17 with lines linetype 4 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_ar1')) every ::9::17 with lines linetype 5 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_common_scales')) every ::9::17 with lines linetype 7 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_own_scales')) every ::9::17 with lines linetype 6 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('var_psi')) every ::9::17 with points linetype 2 pointtype 7 pointsize 0.5

# Panel 4.
set margins screen 0.5825, screen 0.9839, screen 0.0945, screen 0.4393
set title 'adam\_warmup' offset 0,-0.7
set format x '10^{%T}'
set format y ''
set xlabel 'step {/:Italic t}' offset 0,0.5
set ylabel '' offset 0.3,0
set ylabel 'update, root mean square' offset 0.3,0
set format y '10^{%T}'
set yrange [1e-1:1.3]
set ytics 1e-1,10
plot 'gradient_ladder.csv' using 't':(cell('update_rms_normal')) every ::9::17 with lines linetype 1 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms_normal_with_means')) every ::9::17 with lines linetype 3 linewidth 1.2, \
     'gradient_ladder.csv' using 't':(cell('update_rms')) every ::9::17 with points linetype 2 pointtype 7 pointsize 0.5

# The legend, as an empty plot.
set margins screen 0.0081, screen 0.9919, screen 0.9123, screen 0.9933
unset title
unset xlabel
unset ylabel
unset tics
unset border
unset grid
unset label
unset arrow
unset object
unset logscale
set key inside center center horizontal Left reverse
plot [0:1] [0:1] NaN with points linetype 2 pointtype 7 pointsize 0.5 title 'observed', \
     NaN with lines linetype 1 linewidth 1.2 title 'normal, {/:Italic μ} = 0', \
     NaN with lines linetype 3 linewidth 1.2 title 'normal, each {/:Italic μ}', \
     NaN with lines linetype 4 linewidth 1.2 title 'own marginal law', \
     NaN with lines linetype 5 linewidth 1.2 title 'normal AR(1)', \
     NaN with lines linetype 7 linewidth 1.2 title 'normal, common {/:Italic σ_t}', \
     NaN with lines linetype 6 linewidth 1.2 title 'normal, each {/:Italic σ_t}'
unset multiplot

unset output
